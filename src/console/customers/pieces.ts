// The parts of a customer's page that are read after it: what was done and will be, the tasks, the chats.
import type { CustomerCard } from "../../customers/card.js";
import { nobody } from "../../customers/desk.js";
import type { Viewer } from "../../identity/viewer.js";
import { actorNames } from "./actors.js";
import type { CustomerRouteParts } from "./card.js";
import { nameOfChild } from "./card-page.js";
import { chatPage, tasksPage, timelinePage } from "./story-page.js";

/** One part: its title, and its template's values. */
interface Piece {
  title: string;
  read(parts: CustomerRouteParts, viewer: Viewer, id: number): Promise<object>;
}

/** By the end of their address and the name of their template. */
export const PIECES: Readonly<Record<"timeline" | "tasks" | "chat", Piece>> = {
  timeline: {
    title: "时间线",
    read: async (parts, viewer, id) => {
      const { externalUserid } = await cardOf(parts, viewer, id);
      return timelinePage(await parts.explain.explain(viewer, { customer: externalUserid }));
    },
  },
  tasks: {
    title: "任务记录",
    read: async (parts, viewer, id) => {
      const { children } = await cardOf(parts, viewer, id);
      const tasks = await parts.customerHistory.tasks(viewer, id);
      const actors = tasks.flatMap(({ events }) => events.map(({ actor }) => actor));
      const nameOf = await actorNames(parts.store.read, actors);
      const childName = (childNo: number) => nameOfChild(children, childNo);
      return tasksPage(tasks, { childName, nameOf, zone: parts.zone });
    },
  },
  chat: {
    title: "聊天记录",
    read: async (parts, viewer, id) => {
      const { name } = await cardOf(parts, viewer, id);
      return chatPage(await parts.customerHistory.chat(viewer, id), name, parts.zone);
    },
  },
};

/** The customer's card. Raises `not_found` for one merged into another: their page leads on by itself. */
export async function cardOf(
  { customerDesk }: Pick<CustomerRouteParts, "customerDesk">,
  viewer: Viewer,
  id: number,
): Promise<CustomerCard> {
  const card = await customerDesk.card(viewer, id);
  if ("mergedInto" in card) throw nobody();
  return card;
}
