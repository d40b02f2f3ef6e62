// What of their team a manager looks at, as it stands in the address.
import { z } from "zod";
import { readValues } from "../../infra/web.js";
import type { ReportNode } from "../../reports/report.js";

/** What is looked at. */
export interface TeamView {
  /** undefined: all of the manager's own */
  within?: ReportNode;
  /** one by one, or the places right below */
  by: "unit" | "below";
  /** 1-based */
  page: number;
  /** everybody who may need help, not only those who wait longest */
  all?: true;
}

const place = z
  .string()
  .regex(/^(region|store):\d{1,9}$/, "区域或门店")
  .optional();
const shape = z.object({
  in: place,
  by: z.enum(["unit", "below"], "unit 或 below").default("unit"),
  page: z.coerce.number("页码").int("页码").min(1, "页码").max(1_000, "页码").default(1),
  behind: z.literal("all", "all").optional(),
});
const NAMES = { in: "位置", by: "层级", page: "页码", behind: "需要帮助的" };
const urgeShape = z.object({
  in: place,
  guide: z.coerce.number("导购").int("导购").positive("导购").optional(),
  shown: z
    .string()
    .regex(/^\d{1,9}(,\d{1,9}){0,499}$/, "导购编号")
    .optional(),
});

/** Reads a query. Raises `invalid` for what cannot be. */
export function readTeamView(query: object): TeamView {
  const { in: at, by, page, behind } = readValues(shape, query, "team", NAMES);
  return { by, page, ...(behind && { all: true }), ...withinOf(at) };
}

/** Whom to remind: one guide, or everybody of the place that was looked at. */
export interface UrgeAsk {
  guide?: number;
  within?: ReportNode;
  /** the guides in the rows of the page */
  shown: number[];
}

/** Reads it. Raises `invalid` for what cannot be. */
export function readUrge(body: object): UrgeAsk {
  const names = { ...NAMES, guide: "导购", shown: "页上的导购" };
  const { in: at, guide, shown = "" } = readValues(urgeShape, body, "urge", names);
  const rows = shown.split(",").filter(Boolean).map(Number);
  return guide === undefined ? { shown: rows, ...withinOf(at) } : { guide, shown: [guide], ...withinOf(at) };
}

function withinOf(at: string | undefined): { within?: ReportNode } {
  const [kind, id] = at?.split(":") ?? [];
  return kind ? { within: { kind: kind as ReportNode["kind"], id: Number(id) } } : {};
}

/** A place as it stands in the address. */
export function placeText({ kind, id }: ReportNode): string {
  return `${kind}:${id}`;
}

/** The address of a view with something changed. */
export function teamUrl(view: TeamView, change: Partial<TeamView> = {}): string {
  const { within, by, page, all } = { ...view, page: 1, ...change };
  const query = new URLSearchParams();
  if (within) query.set("in", placeText(within));
  if (by !== "unit") query.set("by", by);
  if (page > 1) query.set("page", String(page));
  if (all) query.set("behind", "all");
  const text = query.toString();
  return text ? `/team?${text}` : "/team";
}
