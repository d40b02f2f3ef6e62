// Why nobody can follow up the customers of held tasks, in words, and where HQ mends it.
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import { heldLeavers, type TroubleGroup } from "../../tasks/trouble-queries.js";
import { count } from "../format.js";

/** A place where something is mended. */
export interface Mending {
  href: string;
  label: string;
}

/** What is said of a group of held tasks. */
interface HeldGroup {
  cause: string;
  advice: string;
}

const NO_GUIDE: HeldGroup = {
  cause: "客户没有负责导购",
  advice:
    "例子里写着每位客户的原因。请门店导购加客户为好友，加上后自动继续；已经是好友的，导入「客户交接」表指定导购，结果填「接受」。",
};
const GUIDE_LEFT: HeldGroup = {
  cause: "导购已离职，客户还没有交接",
  advice: "到导购的页面选接替的导购，客户交接后自动继续。",
};

/** What a group of held tasks says of itself, by its reason. */
export function heldGroup(reason: TroubleGroup["reason"]): HeldGroup {
  return reason === "guide_left" ? GUIDE_LEFT : NO_GUIDE;
}

/** Leavers shown with a group. */
const LEAVERS = 5;

/** Where the tasks of a group are mended: the pages of the leavers with most of them, or the import. */
export async function heldMendings(
  sql: Sql,
  reason: TroubleGroup["reason"],
  today: ShopDay,
): Promise<Mending[]> {
  if (reason !== "guide_left") return [{ href: "/org/import", label: "导入客户交接" }];
  const leavers = await heldLeavers(sql, today, LEAVERS);
  return leavers.map(({ id, name, tasks }) => ({
    ...{ href: handingOver(id), label: `交接${name}的客户（${count(tasks)} 个任务）` },
  }));
}

/** Where a guide's customers are handed over. */
export function handingOver(guideId: number): string {
  return `/org/guides/${guideId}#leaver`;
}

/** A customer as far as it matters who follows them up. */
export interface HeldCustomer {
  id: number;
  owner: string | null;
  ownerLeftOn: ShopDay | null;
  /** of a hand-over in the chat system */
  transfer: string | null;
  declined: number | null;
  friends: number;
  friendsNow: number;
}

/** Why each of these customers is followed up by nobody. */
export async function heldWhys(
  sql: Sql,
  customerIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, string>> {
  const rows = await selectIn<HeldCustomer>(
    sql,
    `SELECT c.id, g.name AS owner, g.left_on AS ownerLeftOn, w.state AS transfer, x.declined,
       (SELECT COUNT(*) FROM contact k WHERE k.customer_id = c.id) AS friends,
       (SELECT COUNT(*) FROM contact k WHERE k.customer_id = c.id AND k.ended_on IS NULL) AS friendsNow
     FROM customer c LEFT JOIN guide g ON g.id = c.guide_id LEFT JOIN transfer x ON x.customer_id = c.id
       LEFT JOIN contact_transfer w ON w.customer_id = c.id AND w.from_guide_id = c.guide_id
     WHERE c.id IN`,
    [...new Set(customerIds)],
  );
  return new Map(rows.map((row) => [row.id, sayHeld(row, today)]));
}

const TRANSFERS: Readonly<Record<string, string>> = {
  ...{ asked: "正在交接", calling: "正在交接", waiting: "正在交接，等客户 24 小时" },
  ...{ full: "交接没有成功：接替导购的客户已满", failed: "交接没有成功" },
};

/** Why, in words. Pure. */
export function sayHeld(
  { owner, ownerLeftOn, transfer, declined, friends, friendsNow }: HeldCustomer,
  today: ShopDay,
): string {
  if (owner !== null) {
    if (ownerLeftOn === null || ownerLeftOn > today) return `负责导购现在是${owner}，能跟进时自动继续`;
    return `导购已离职，${TRANSFERS[transfer ?? ""] ?? "还没有交接"}`;
  }
  if (Number(declined) === 1) return "客户拒绝了接替的导购";
  if (Number(friends) === 0) return "还没有加过任何导购";
  return Number(friendsNow) === 0 ? "好友关系已结束" : "是导购的好友，但没有指定负责导购";
}
