// 补 3 生日 2026-03-02: a fact a message lacks, told in chat.
import { ASKABLE, type Askable } from "../journeys/words.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { type ActDeps, lineOf, withLeft } from "./chat-numbers.js";
import type { Command } from "./commands.js";
import type { TodayItem } from "./queries.js";
import { dayMeant } from "./said-days.js";

/** Gives the fact to the task service; what it cannot make out it asks for, in the form it is to be typed. */
export async function supply(
  deps: ActDeps,
  guideId: number,
  item: TodayItem,
  said: Extract<Command, { kind: "supply" }>,
): Promise<string> {
  const field = fieldMeant(item, said.field);
  if (!field) {
    const words = (item.asks.length > 0 ? item.asks : Object.values(ASKABLE)).map(({ word }) => word);
    return `要补哪一项？可以补：${words.join("、")}。例如：补 ${item.position} ${words[0]} ${said.value}`;
  }
  const value = valueMeant(field, said.value, shopDayOf(deps.world.now(), deps.zone));
  if (value === undefined)
    return `没看懂日期「${said.value}」，请写成年月日：补 ${item.position} ${ASKABLE[field].word} 2026-03-02`;
  const line = await lineOf(item, () => deps.tasks.supply(guideId, item.taskId, field, value));
  return withLeft(deps, guideId, [line]);
}

/** 生日 alone is the child's, unless only the customer's is asked for; with one thing asked for, that is meant. */
function fieldMeant({ asks }: TodayItem, said: Askable | null): Askable | null {
  const asked = asks.map(({ field }) => field);
  if (said === null) return asked.length === 1 ? (asked[0] ?? null) : null;
  const isCustomers = asked.includes("customer.birthday") && !asked.includes("child.born_on");
  return said === "child.born_on" && isCustomers ? "customer.birthday" : said;
}

function valueMeant(field: Askable, value: string, today: ShopDay): string | undefined {
  const plain = value.normalize("NFKC").trim();
  if (ASKABLE[field].type === "date") return dayMeant(plain.replace(/[。.!]+$/, ""), today);
  return field === "customer.phone" ? plain.replace(/[^\d+]/g, "") : value.trim();
}
