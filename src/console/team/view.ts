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
}

const place = z
  .string()
  .regex(/^(region|store):\d{1,9}$/, "区域或门店")
  .optional();
const shape = z.object({
  in: place,
  by: z.enum(["unit", "below"], "unit 或 below").default("unit"),
  page: z.coerce.number("页码").int("页码").min(1, "页码").max(1_000, "页码").default(1),
});
const NAMES = { in: "位置", by: "层级", page: "页码" };
const urgeShape = z.object({
  in: place,
  guide: z.coerce.number("导购").int("导购").positive("导购").optional(),
});

/** Reads a query. Raises `invalid` for what cannot be. */
export function readTeamView(query: object): TeamView {
  const { in: at, by, page } = readValues(shape, query, "team", NAMES);
  return { by, page, ...withinOf(at) };
}

/** Reads whom to remind: one guide, or everybody of the place that was looked at. Raises `invalid` for what cannot be. */
export function readUrge(body: object): { guide?: number; within?: ReportNode } {
  const { in: at, guide } = readValues(urgeShape, body, "urge", { ...NAMES, guide: "导购" });
  return { ...(guide !== undefined && { guide }), ...withinOf(at) };
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
  const { within, by, page } = { ...view, page: 1, ...change };
  const query = new URLSearchParams();
  if (within) query.set("in", placeText(within));
  if (by !== "unit") query.set("by", by);
  if (page > 1) query.set("page", String(page));
  const text = query.toString();
  return text ? `/team?${text}` : "/team";
}
