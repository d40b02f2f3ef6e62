// Two blocks below a report's tables: what became of the words by their way, and WeCom's own figures, apart from ours.

import type { BehaviourReport } from "../../reports/behaviour/service.js";
import {
  BEHAVIOUR_COLUMNS,
  BEHAVIOUR_NOTE,
  BEHAVIOUR_TITLE,
  readThroughText,
} from "../../reports/behaviour/words.js";
import type { Report, ReportRow } from "../../reports/report.js";
import { WAY_MEASURES } from "../../reports/ways.js";
import { count } from "../format.js";
import { type FigurePlace, measureUrl } from "./task-links.js";

/** The longest list of units that still is a look and no table to page through. */
const MOST_ROWS = 60;

/** The ways, with what each count means. */
export function waysBlock(report: Report, place: FigurePlace): object {
  const cells = (row: ReportRow) =>
    WAY_MEASURES.map(({ key }) => {
      const n = Number(row[key as keyof ReportRow]);
      const way = row.kind === "way" ? { way: row.key.slice("way:".length) } : {};
      return { text: count(n), href: n > 0 ? measureUrl(place, key, way) : "" };
    });
  return {
    columns: WAY_MEASURES.map(({ name, meaning }) => ({ name, meaning })),
    rows: report.rows.map((row) => ({ name: row.name, cells: cells(row), provisional: row.provisional })),
    total: cells(report.total),
  };
}

/** WeCom's figures; null where there are none and none can come. */
export function behaviourBlock(report: BehaviourReport | null): object | null {
  if (report === null) return null;
  return {
    title: BEHAVIOUR_TITLE,
    note: BEHAVIOUR_NOTE,
    state: readThroughText(report),
    isEmpty: report.readThrough === null,
    level: report.level,
    columns: BEHAVIOUR_COLUMNS.map(({ name, meaning }) => ({ name, meaning })),
    rows: report.rows.slice(0, MOST_ROWS).map((row) => ({
      name: row.name,
      cells: BEHAVIOUR_COLUMNS.map(({ value }) => value(row)),
    })),
    more: Math.max(0, report.rows.length - MOST_ROWS),
    total: BEHAVIOUR_COLUMNS.map(({ value }) => value(report.total)),
  };
}
