// Keeping in step joined: what the directory tells is heard, the passes that read it, and who may hand leavers over.
import type { Directory, DirectoryEvents } from "../channels/directory.js";
import { type ContactService, type ContactServiceParts, contactService } from "../contacts/service.js";
import type { CustomerService } from "../customers/service.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import type { World } from "../kernel/world.js";

export interface ContactWorkParts {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  directory: Directory | undefined;
  claims: ClaimsCheck;
  onKnown: NonNullable<ContactServiceParts["onKnown"]>;
}

/** The contacts of a channel that has a directory; undefined where it has none. */
export function contactWork(parts: ContactWorkParts): ContactService | undefined {
  const { config, directory, ...rest } = parts;
  return directory ? contactService({ ...rest, directory, zone: config.zone }) : undefined;
}

/** What the directory tells, for a channel that is made before its hearer is. */
export function directoryTo(hearer: () => ContactService | undefined): DirectoryEvents {
  return {
    contactAdded: async (event) => hearer()?.hearing.contactAdded(event),
    contactEdited: async (event) => hearer()?.hearing.contactEdited(event),
    transferFailed: async (event) => hearer()?.hearing.transferFailed(event),
    tagsChanged: async () => hearer()?.hearing.tagsChanged(),
    memberLeft: async (event) => hearer()?.hearing.memberLeft(event),
  };
}

/** Customers of guides who have left, on their way to those named: where the chat system hands them over they change
 *  hands when it says so, elsewhere at once. Gives how many. */
export async function handOverLeavers(
  contacts: ContactService | undefined,
  customers: Pick<CustomerService, "handOverLeavers">,
): Promise<number> {
  return contacts ? (await contacts.transfers.pass()).begun : customers.handOverLeavers();
}

/** The passes over the directory, in a few words each. */
export function contactPasses(contacts: ContactService | undefined) {
  return {
    sync: async () => {
      if (!contacts) return undefined;
      const { contacts: seen, newCustomers, changed, ended, ...odder } = await contacts.sync();
      const odd = [
        odder.doubted > 0 ? `，存疑 ${odder.doubted}` : "",
        odder.failed.length > 0 ? `，${odder.failed.length} 组没有读到` : "",
        odder.unready.length > 0 ? `，${odder.unready.length} 条欢迎语的附件没有重新上传` : "",
      ].join("");
      return `核对好友关系 ${seen}，新客户 ${newCustomers}，更新 ${changed}，结束 ${ended}${odd}`;
    },
    transfers: async () => {
      const { begun = 0, settled = 0 } = (await contacts?.transfers.pass()) ?? {};
      return begun + settled > 0 ? `交接发起 ${begun}，完成 ${settled}` : undefined;
    },
  };
}
