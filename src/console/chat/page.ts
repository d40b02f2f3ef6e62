// What the side bar shows of one customer: who they are, the words of today, what went out before.
import type { CurrentCustomer } from "../../tasks/current-customer.js";
import { shortDay } from "../format.js";
import { type CardMoment, cardOf, modeOf } from "../today/cards.js";
import { summaryOf, type TodayFigures } from "../today/page.js";

/** Everything templates/pages/chat/customer.hbs names. */
export function chatPage(customer: CurrentCustomer, figures: TodayFigures, moment: CardMoment): object {
  const { items, past } = customer;
  const done = items.filter((item) => modeOf(item) === "done");
  const open = items.filter((item) => modeOf(item) !== "done");
  return {
    ...{ name: customer.name || "未留姓名", customerId: customer.id },
    level: customer.level ?? "",
    children: customer.children.join("、"),
    joined: customer.joinedOn ? `${shortDay(customer.joinedOn)}添加` : "",
    lastOrder: customer.lastOrderOn ? `最近一次购买 ${shortDay(customer.lastOrderOn)}` : "",
    open: open.map((item) => cardOf(item, moment)),
    done: done.map((item) => cardOf(item, moment)),
    isEmpty: open.length === 0,
    past: past.map(({ sentOn, words, replied }) => ({ on: shortDay(sentOn), words, replied })),
    summary: summaryOf(figures),
  };
}
