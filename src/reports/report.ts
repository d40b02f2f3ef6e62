// The shape of a report: what may be asked, and the rows of figures that come back.
import type { ShopDay } from "../kernel/calendar.js";

/** What a row stands for. `below` is the level right below `within`: the next regions down, else stores, else guides. */
export type ReportBy =
  | ("below" | "region" | "area" | "store" | "guide")
  | ("touchpoint" | "variant" | "way" | "day");

/** A place in the organisation. */
export interface ReportNode {
  kind: "region" | "store" | "guide";
  id: number;
}

/** A question. Who asks sees at most their own subtree, store or, as a guide, themself. */
export interface ReportAsk {
  /** offer days, both included */
  from: ShopDay;
  to: ShopDay;
  by: ReportBy;
  /** the place to look into, also as people write it (华东/上海市, a store's code); all the viewer may see when absent */
  within?: ReportNode | string;
}

/** A share of something counted, with its 95 % Wilson interval; all three in [0, 1]. */
export interface Rate {
  value: number;
  low: number;
  high: number;
}

/** The counts of design's measures, of one cell. */
export interface Measures {
  issued: number;
  completed: number;
  onTime: number;
  delivered: number;
  observed: number;
  replied: number;
  /** counted customer messages, whether or not they answer a follow-up */
  messages: number;
  /** the guide said go, here or in the chat system */
  tapped: number;
  /** … and the chat system, the page or the bot said that it went; not what was done by hand */
  confirmed: number;
  /** delivered, and proven by the chat system's own result or the archive's record */
  proven: number;
  /** kept from going by what a customer may receive, on the day of the limit: the chat system refused, or we knew before */
  capped: number;
  /** ended because guide and customer are no contacts any more */
  notFriend: number;
  /** found out to be delivered after the task had ended */
  late: number;
}

/** One row: counts, rates (null when nothing could be counted) and how far to trust them. */
export interface ReportRow extends Measures {
  /** unique in the report: `region:3`, `store:12`, `guide:7`, `touchpoint:4`, `variant:4/2`, `way:mass`, `2026-03-01`, `total` */
  key: string;
  name: string;
  /** where a unit stands today: a guide's store, a store's area */
  place?: string;
  kind: ReportNode["kind"] | "touchpoint" | "variant" | "way" | "day" | "total";
  /** null for variants, ways, days and totals */
  id: number | null;
  /** whether asking `below` this row gives rows */
  children: boolean;
  /** completed ÷ issued */
  completionRate: Rate | null;
  /** onTime ÷ issued */
  onTimeRate: Rate | null;
  /** replied ÷ observed */
  replyRate: Rate | null;
  /** observed ÷ delivered */
  observedShare: Rate | null;
  /** delivered by the word of the page or the bot alone: neither the chat system nor its archive has shown it */
  unproven: number;
  /** fewer than 30 issued: too few to compare */
  small: boolean;
  /** a window in it is still open: it may rise */
  provisional: boolean;
}

/** The answer. `total` is the whole of `within`, whatever `by`. */
export interface Report {
  from: ShopDay;
  to: ShopDay;
  by: ReportBy;
  /** what the rows' level is called here: 大区, 门店, 导购, 触点, 日期 */
  level: string;
  rows: ReportRow[];
  total: ReportRow;
  /** from the viewer's own root down to `within`: the way back */
  path: (ReportNode & { name: string })[];
}

/** How a chart is to be drawn. */
export interface ChartLook {
  /** pixels */
  width: number;
  height: number;
  /** puts its words into the reader's language; left out, they stay Chinese */
  say?(text: string): string;
}
