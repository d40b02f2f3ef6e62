// WeCom's pushes through the inbox: checked and opened, stored, and then told as what they mean.
import { callbackInbox, type InboxDeps } from "./callbacks.js";
import type { DirectoryEvents } from "./directory.js";
import type { ChannelEvents } from "./port.js";
import {
  type CallbackKeys,
  type CallbackQuery,
  openCallback,
  readEvent,
  verifyUrl,
  type WecomEvent,
} from "./wecom/callbacks.js";

export interface WecomInboxDeps extends Pick<InboxDeps, "store" | "world" | "log"> {
  keys: CallbackKeys;
  events: ChannelEvents;
  /** hears what the directory tells beside; left out: nobody does */
  directory?: DirectoryEvents;
  /** asks for what is stored to be worked off, here or by another process; not waited for */
  wake: () => void;
}

export type WecomInbox = ReturnType<typeof wecomInbox>;

/** The inbox of a corp's app. What is not from WeCom raises CallbackFault. */
export function wecomInbox({ keys, events, directory, wake, ...deps }: WecomInboxDeps) {
  const inbox = callbackInbox({
    ...deps,
    channel: "wecom",
    whose: (xml) => guideOf(readEvent(xml)),
    work: (xml) => tell(readEvent(xml), events, directory),
  });
  return {
    processPending: () => inbox.processPending(),
    forget: (before: number) => inbox.forget(before),

    /** The answer to WeCom's check of our address. */
    verify: (query: CallbackQuery): string => verifyUrl(keys, query),

    /** Stores a push and sees to it afterwards: when this resolves, WeCom can be answered. */
    async receive(query: CallbackQuery, body: string): Promise<void> {
      const { xml, digest } = openCallback(keys, query, body);
      if (await inbox.store(digest, xml)) wake();
    },
  };
}

function guideOf(event: WecomEvent): string {
  return "guideUserid" in event ? event.guideUserid : "";
}

/** Hands an event to who hears it; what nobody asked for is left alone. */
async function tell(event: WecomEvent, events: ChannelEvents, directory?: DirectoryEvents): Promise<void> {
  switch (event.kind) {
    case "guideText":
      return events.guideSaid({ guideUserid: event.guideUserid, text: event.text, at: event.at });
    case "cardTap":
      return events.guideTapped({
        guideUserid: event.guideUserid,
        key: event.key,
        cardId: event.cardId,
        ...(event.responseCode ? { code: event.responseCode } : {}),
        at: event.at,
      });
    case "contactAdded": {
      const { guideUserid, externalUserid, state, at } = event;
      await events.contactAdded({ guideUserid, externalUserid, state, at });
      return directory?.contactAdded({
        guideUserid,
        externalUserid,
        state,
        welcomeCode: event.welcomeCode,
        at,
      });
    }
    case "contactEnded": {
      const { guideUserid, externalUserid, by, at } = event;
      return events.contactEnded({ guideUserid, externalUserid, by, at });
    }
    default:
      return directory && tellDirectory(event, directory);
  }
}

/** What only a directory tells. */
async function tellDirectory(event: WecomEvent, directory: DirectoryEvents): Promise<void> {
  switch (event.kind) {
    case "contactEdited": {
      const { guideUserid, externalUserid } = event;
      return directory.contactEdited({ guideUserid, externalUserid });
    }
    case "transferFailed": {
      const { guideUserid, externalUserid, reason } = event;
      const refused = reason !== "customer_limit_exceed";
      return directory.transferFailed({ takerUserid: guideUserid, externalUserid, refused });
    }
    case "tagsChanged":
      return directory.tagsChanged();
    case "memberLeft":
      return directory.memberLeft({ guideUserid: event.guideUserid, at: event.at });
    default:
      return undefined;
  }
}
