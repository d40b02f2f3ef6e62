// WeCom's pushes through the inbox: checked and opened, stored, and then told as what they mean.
import { callbackInbox, type InboxDeps } from "./callbacks.js";
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
  /** asks for what is stored to be worked off, here or by another process; not waited for */
  wake: () => void;
}

export type WecomInbox = ReturnType<typeof wecomInbox>;

/** The inbox of a corp's app. What is not from WeCom raises CallbackFault. */
export function wecomInbox({ keys, events, wake, ...deps }: WecomInboxDeps) {
  const inbox = callbackInbox({
    ...deps,
    channel: "wecom",
    whose: (xml) => guideOf(readEvent(xml)),
    work: (xml) => tell(readEvent(xml), events),
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
async function tell(event: WecomEvent, events: ChannelEvents): Promise<void> {
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
      return events.contactAdded({ guideUserid, externalUserid, state, at });
    }
    case "contactEnded": {
      const { guideUserid, externalUserid, by, at } = event;
      return events.contactEnded({ guideUserid, externalUserid, by, at });
    }
    default:
      return undefined;
  }
}
