// Changes of a customer as forms send them, and as the page before the change says them.
import { z } from "zod";
import { CORRECTABLE_FIELDS, type CorrectableField } from "../../customers/correcting.js";
import type { Action } from "../../identity/permissions.js";
import { readValues } from "../../infra/web.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { type CustomerAct, STOP_NAMES, type StopReason } from "../../tasks/customer-acts.js";
import type { ActOutcome } from "../../tasks/customer-desk.js";
import { longDay } from "../format.js";

const text = (most: number) => z.string("一段文字").max(most, `最多 ${most} 个字`).default("");

const fields = Object.keys(CORRECTABLE_FIELDS) as [CorrectableField];
const reasons = Object.keys(STOP_NAMES) as [StopReason];

const FORMS = {
  correct: z.object({
    field: z.enum(fields, "要更正的资料"),
    childNo: z.coerce.number("宝宝序号").int().min(0).max(20).default(0),
    value: text(60),
  }),
  add_child: z.object({ name: text(60), bornOn: text(20), dueOn: text(20) }),
  stop: z.object({ why: z.enum(reasons, "停止的原因：失去宝宝、客户投诉或其他原因") }),
  resume: z.object({}),
  opt_out: z.object({}),
  opt_in: z.object({}),
} satisfies Record<CustomerAct["act"], z.ZodType>;

/** Each act with who may. */
export const ACTS: Readonly<Record<CustomerAct["act"], Action>> = {
  correct: "correct_customers",
  stop: "correct_customers",
  resume: "correct_customers",
  add_child: "keep_customers",
  opt_out: "keep_customers",
  opt_in: "keep_customers",
};

const NAMES = {
  field: "资料",
  childNo: "宝宝",
  value: "内容",
  why: "原因",
  name: "小名",
  bornOn: "出生日期",
};

/** What a form asks for. Raises `invalid` in the form's own words. */
export function readAct(act: CustomerAct["act"], body: unknown): CustomerAct {
  const values = readValues<object>(FORMS[act], body ?? {}, "form", { ...NAMES, dueOn: "预产期" });
  return { act, ...values } as CustomerAct;
}

/** The fields a form sends again with its confirmation. */
export function fieldsOf({ act: _act, ...values }: CustomerAct): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** What is about to be done, as the title of the page before it. */
function titleOf(act: CustomerAct, childName: (childNo: number) => string): string {
  if (act.act === "correct") {
    const whose = act.childNo > 0 ? `${childName(act.childNo)}的` : "";
    const what = `${whose}${CORRECTABLE_FIELDS[act.field]}`;
    return act.value.trim() === "" ? `清空${what}` : `把${what}改为 ${act.value.trim()}`;
  }
  if (act.act === "add_child") {
    const when = act.bornOn ? `${act.bornOn} 出生` : `预产期 ${act.dueOn}`;
    return `添加宝宝${act.name.trim() ? ` ${act.name.trim()}` : ""}（${when}）`;
  }
  if (act.act === "stop") return `停止宝宝相关的跟进：${STOP_NAMES[act.why]}`;
  if (act.act === "resume") return "恢复宝宝相关的跟进";
  return act.act === "opt_out" ? "登记退订：不再给这位客户发任何消息" : "恢复给这位客户发消息";
}

/** Everything templates/pages/customers/confirm.hbs names, besides the frame's. */
export function confirmPage(
  id: number,
  act: CustomerAct,
  { changes, renamed, waiting }: ActOutcome,
  childName: (childNo: number) => string,
): object {
  const isOfSeveral = new Set(changes.lines.map(({ childNo }) => childNo)).size > 1;
  const { moved, dropped, added, kept, lines } = changes;
  const day = (on: ShopDay | null) => (on === null ? "" : longDay(on));
  return {
    ...{ id, act: act.act, title: titleOf(act, childName), fields: fieldsOf(act) },
    ...{ moved, dropped, added, kept, renamed, waiting },
    isNone: lines.length === 0,
    lines: lines.map((line) => ({
      ...{ touchpoint: line.touchpoint, isOut: line.isOut, from: day(line.from), to: day(line.to) },
      child: line.childNo > 0 && isOfSeveral ? childName(line.childNo) : "",
      ...{ isMoved: line.what === "moved", isDropped: line.what === "dropped" },
    })),
  };
}
