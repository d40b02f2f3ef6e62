// A manager's day as a picture for chat: drawn once for all who are shown the same.
import { createHash } from "node:crypto";
import type { GuideNote } from "../channels/port.js";
import { PICTURE_FONT, pictureFrom } from "../infra/pictures.js";
import { dayChart } from "../reports/day-chart.js";
import type { DayBrief } from "./day-brief.js";

/** Pixels of the picture for each of its own. */
const SHARP = 2;

/** The same figures make the same file: it is uploaded once for all who are shown it. */
export async function pictureNote(brief: DayBrief): Promise<GuideNote> {
  const bytes = await drawnOnce(await dayChart(brief.chart, PICTURE_FONT));
  const digest = createHash("sha256").update(bytes).digest("hex");
  const file = { digest, name: "summary.png", read: async () => bytes };
  return { kind: "picture", file, text: brief.chart.title };
}

/** The pictures drawn last: managers of one region follow each other, and what failed is tried again. */
const lately = new Map<string, Promise<Buffer>>();
const KEPT = 8;

function drawnOnce(svg: string): Promise<Buffer> {
  const known = lately.get(svg);
  if (known) return known;
  const drawing = pictureFrom(svg, SHARP);
  drawing.catch(() => lately.delete(svg));
  lately.set(svg, drawing);
  const [oldest] = lately.keys();
  if (lately.size > KEPT && oldest !== undefined) lately.delete(oldest);
  return drawing;
}
