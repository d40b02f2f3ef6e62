// Words as people read them: variables by their Chinese names, conditions said, claims and changes marked.
import { variableOf } from "../../journeys/words.js";
import { type DiffPart, wordsDiff } from "../../journeys/words-diff.js";

/** A stretch of words: plain text, or a place where each customer's own value will stand. */
export interface WordsPiece {
  text: string;
  isBlank: boolean;
}

/** What nobody is told, and the line it stands on. */
const COMMENT = /\{\{!(?:--[\s\S]*?--|[^}]*)\}\}\s*/g;

/** Words in pieces; what only steers is said too: 〔如果有宝宝小名〕 … 〔否则〕 … 〔完〕. */
export function wordsPieces(words: string): WordsPiece[] {
  return piecesOf(words.replace(COMMENT, "").trim());
}

function piecesOf(words: string): WordsPiece[] {
  return words.split(/(\{\{[\s\S]*?\}\})/).flatMap((text): WordsPiece[] => {
    if (text === "") return [];
    const inside = /^\{\{\s*([\s\S]*?)\s*\}\}$/.exec(text)?.[1];
    return inside === undefined ? [{ text, isBlank: false }] : [{ text: said(inside), isBlank: true }];
  });
}

function said(inside: string): string {
  const [, block, rest = ""] = /^#(if|unless)\s+([\s\S]*)$/.exec(inside) ?? [];
  if (block) return `${block === "if" ? "如果有" : "如果没有"}${labelOf(rest)}`;
  if (inside === "else") return "否则";
  return inside.startsWith("/") ? "完" : labelOf(inside);
}

/** `child.name` and `default child.name "宝宝"` are both 宝宝小名. */
function labelOf(expression: string): string {
  const [variable] = expression.split(/\s+/).flatMap((word) => variableOf(word) ?? []);
  return variable?.label ?? expression;
}

/** A stretch that stayed, or was changed on its side. */
export interface MarkedPiece extends WordsPiece {
  isMarked: boolean;
}

/** Both sides of a change, what differs marked. Without one side nothing of the other is marked. */
export function markedSides(
  before: string | null,
  after: string | null,
): { before: MarkedPiece[]; after: MarkedPiece[] } {
  const whole = (words: string | null) =>
    wordsPieces(words ?? "").map((piece) => ({ ...piece, isMarked: false }));
  if (before === null || after === null) return { before: whole(before), after: whole(after) };
  const plain = (words: string) => words.replace(COMMENT, "").trim();
  const parts = wordsDiff(plain(before), plain(after));
  const side = (changed: DiffPart["kind"]) =>
    parts
      .filter(({ kind }) => kind === "same" || kind === changed)
      .flatMap(({ kind, text }) => piecesOf(text).map((piece) => ({ ...piece, isMarked: kind === changed })));
  return { before: side("removed"), after: side("added") };
}
