// What the directory tells as it happens: a new contact is filled in and welcomed, a changed one read again.
import type { DirectoryEvents } from "../channels/directory.js";
import type { Logger } from "../infra/log.js";
import { addMembers, type ContactParts, guideFinder, markLeavers } from "./members.js";
import { patiently } from "./patience.js";
import { syncTags, writeContacts } from "./sync.js";
import type { TransferService } from "./transfers.js";
import type { WelcomeService } from "./welcome.js";

export interface HearingParts extends ContactParts {
  log: Pick<Logger, "warn" | "info">;
  welcome: Pick<WelcomeService, "greet">;
  transfers: Pick<TransferService, "failed">;
}

/** Hears the directory. Everything may be told twice. */
export function directoryHearing(parts: HearingParts): DirectoryEvents {
  const { world, zone, store, welcome, transfers } = parts;
  return {
    contactAdded: async (event) => {
      if ((await guideFinder(parts))(event.guideUserid) === undefined)
        await addMembers(parts, [event.guideUserid]);
      // who greets has 20 seconds: what cannot be read now is read when this is told again
      const read = await readCustomer(parts, event.externalUserid).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await welcome.greet(event);
      if (read) throw read.error;
      await parts.onKnown?.([event.externalUserid]);
    },
    contactEdited: async ({ externalUserid }) => {
      await patiently(world, () => readCustomer(parts, externalUserid));
      await parts.onKnown?.([externalUserid]);
    },
    transferFailed: ({ takerUserid, externalUserid, refused }) =>
      transfers.failed(takerUserid, externalUserid, refused),
    tagsChanged: async () => {
      await syncTags(parts);
    },
    memberLeft: async ({ guideUserid, at }) => {
      await markLeavers({ store, zone }, [{ userid: guideUserid, leftAt: at }]);
    },
  };
}

/** Reads one customer with all their friendships. */
export async function readCustomer(parts: ContactParts, externalUserid: string): Promise<void> {
  const contacts = await parts.directory.contactsWith(externalUserid);
  if (contacts.length > 0) await writeContacts(parts, contacts, await guideFinder(parts), null);
}
