// What chat systems tell, joined to who hears it: commands to the conversation, messages to the log, contacts to customers.
import type { MessageService } from "../channels/messages.js";
import type { ChannelEvents } from "../channels/port.js";
import type { CustomerService } from "../customers/service.js";
import { changeTapped } from "../tasks/card-changes.js";
import type { ChatService } from "../tasks/chat.js";
import type { TaskSetup } from "../tasks/setup.js";

export interface Hearers {
  chat: ChatService;
  messages: MessageService;
  customers: CustomerService;
  setup: TaskSetup;
}

/** Events for a channel that is made before its hearers are: they are asked for when something is told. */
export function eventsTo(hearers: () => Hearers): ChannelEvents {
  return {
    guideSaid: (event) => hearers().chat.guideSaid(event),
    guideTapped: async ({ code, ...event }) => {
      await hearers().chat.guideTapped(event);
      if (code) await changeTapped(hearers().setup, { ...event, code });
    },
    message: async (message) => {
      await hearers().messages.record([message]);
    },
    contactAdded: async (event) => {
      await hearers().customers.contactAdded(event);
    },
    contactEnded: async (event) => {
      await hearers().customers.contactEnded(event);
    },
  };
}
