// Two wordings side by side: what stayed, what went, what came. Pure.

/** A stretch of words. */
export interface DiffPart {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Cells of the table one comparison may fill; longer words are compared by sentences. */
const MOST_CELLS = 1_000_000;
/** What stayed between two changes and is shorter than this is noise to a reader. */
const LEAST_SAME = 2;

/** How one text became another. A variable is one piece, and so is a word of Latin letters or a number. */
export function wordsDiff(before: string, after: string): DiffPart[] {
  const [old, now] = [piecesOf(before), piecesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail++;
  const middle = compared(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return joined([
    { kind: "same", text: old.slice(0, head).join("") },
    ...withoutCrumbs(middle),
    { kind: "same", text: old.slice(old.length - tail).join("") },
  ]);
}

function piecesOf(text: string): string[] {
  return text.match(/\{\{[^}]*\}\}|[A-Za-z0-9]+|[\s\S]/gu) ?? [];
}

function compared(old: readonly string[], now: readonly string[]): DiffPart[] {
  if (old.length * now.length <= MOST_CELLS) return aligned(old, now);
  const [was, is] = [sentencesOf(old), sentencesOf(now)];
  if (was.length * is.length <= MOST_CELLS) return aligned(was, is);
  return [
    { kind: "removed", text: old.join("") },
    { kind: "added", text: now.join("") },
  ];
}

function sentencesOf(pieces: readonly string[]): string[] {
  return pieces.join("").split(/(?<=[。！？!?；;\n])/u);
}

/** By their longest common sequence. */
function aligned(old: readonly string[], now: readonly string[]): DiffPart[] {
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? at(common, (i + 1) * width + j + 1) + 1
          : Math.max(at(common, (i + 1) * width + j), at(common, i * width + j + 1));
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push({ kind: "same", text: old[i++] ?? "" });
      j++;
    } else if (
      i < old.length &&
      (j >= now.length || at(common, (i + 1) * width + j) >= at(common, i * width + j + 1))
    )
      parts.push({ kind: "removed", text: old[i++] ?? "" });
    else parts.push({ kind: "added", text: now[j++] ?? "" });
  }
  return joined(parts);
}

function at(cells: Uint16Array, index: number): number {
  return cells[index] ?? 0;
}

/** A character or two that happen to be in both texts say nothing: they belong to the change around them. */
function withoutCrumbs(parts: readonly DiffPart[]): DiffPart[] {
  return parts.flatMap((part, index): DiffPart[] => {
    const isBetween = index > 0 && index < parts.length - 1;
    if (part.kind !== "same" || !isBetween || part.text.length > LEAST_SAME || part.text.includes("\n"))
      return [part];
    return [
      { kind: "removed", text: part.text },
      { kind: "added", text: part.text },
    ];
  });
}

/** Neighbours of one kind as one; between two stretches that stayed, what went stands before what came. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    if (removed) result.push({ kind: "removed", text: removed });
    if (added) result.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else if (text !== "") {
      flush();
      const last = result.at(-1);
      if (last?.kind === "same") last.text += text;
      else result.push({ kind, text });
    }
  }
  flush();
  return result;
}
