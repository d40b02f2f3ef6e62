// The day's card for a guide: how many customers, for what, what to do with them, and the way to the list.
import type { GuideNote } from "../channels/port.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import type { GuideListing, ListLine } from "./setup.js";

/** What fits on a card (WeCom template cards; other channels show less). */
const ROWS = 6;
const LABEL = 5;
const VALUE = 30;

/** Cards from the templates of `templates/cards`. The same list makes the same card: a repeat of it is dropped. */
export function listCard(cards: PageRenderer): (listing: GuideListing) => GuideNote {
  return ({ guide, day, lines, url }) => {
    const count = (is: (line: ListLine) => boolean) => lines.filter(is).length;
    const lacking = count(({ state }) => state === "needs_data");
    const ready = lines.filter(({ state }) => state !== "needs_data");
    const ways = (...some: ListLine["way"][]) =>
      ready.filter(({ way, automatic }) => !automatic && some.includes(way)).length;
    const view = {
      total: lines.length,
      lacking,
      mass: ways("mass"),
      own: ways("page", "bot"),
      hand: ways("hand"),
      automatic: ready.filter(({ automatic }) => automatic).length,
    };
    return {
      kind: "card",
      cardId: `list-${guide.id}-${day}`,
      title: cards.page("morning-title", view).trim(),
      description: cards.page("morning-description", view).trim(),
      lines: rowsOf(lines),
      url,
      buttons: [
        { text: "看任务", key: "list" },
        { text: "怎么用", key: "help" },
      ],
    };
  };
}

/** A customer a line while they fit; of more, the most frequent occasions with their numbers. Both in the list's order. */
function rowsOf(lines: readonly ListLine[]): { label: string; value: string }[] {
  if (lines.length <= ROWS)
    return lines.map(({ customerName, why }) => ({
      label: cut(customerName, LABEL),
      value: cut(why, VALUE),
    }));
  const counts = new Map<string, number>();
  for (const { touchpointName } of lines) counts.set(touchpointName, (counts.get(touchpointName) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const most = sorted.length > ROWS ? ROWS - 1 : ROWS;
  const frequent = new Set(sorted.slice(0, most).map(([name]) => name));
  const shown = [...counts]
    .filter(([name]) => frequent.has(name))
    .map(([name, count]) => ({ label: `${count} 位`, value: cut(name, VALUE) }));
  const rest = sorted.slice(most).reduce((sum, [, count]) => sum + count, 0);
  return rest > 0 ? [...shown, { label: `${rest} 位`, value: "其他" }] : shown;
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join("")}…`;
}
