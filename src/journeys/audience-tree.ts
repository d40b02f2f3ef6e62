// An audience as a tree one can build by hand, condition by condition, and back: the same people, said in another form.
import { type Audience, LIST_FIELDS, type ListField, RANGE_FIELDS, type RangeField } from "./audience.js";

/** One condition: a list of values, or a range of numbers as it was typed. */
export interface ConditionNode {
  kind: "condition";
  field: ListField | RangeField;
  values: string[];
  at_least: string;
  at_most: string;
}

/** Conditions together: all of them hold, one of them, or none. */
export interface GroupNode {
  kind: "group";
  op: "all" | "any" | "none";
  inside: (ConditionNode | GroupNode)[];
}

/** Where in the data each condition came to stand: the data's path ("any.0.level") to the tree's ("1.0"). */
export type Places = [data: string, tree: string][];

/** An audience as a tree. */
export function treeOf(audience: Audience): GroupNode {
  const { all = [], any, not } = audience;
  const inside: GroupNode["inside"] = [
    ...LIST_FIELDS.flatMap((field) => {
      const values = audience[field];
      return values === undefined ? [] : [condition(field, { values: [values].flat().map(String) })];
    }),
    ...RANGE_FIELDS.flatMap((field) => {
      const range = audience[field];
      if (!range) return [];
      const { at_least = "", at_most = "" } = range;
      return [condition(field, { at_least: String(at_least), at_most: String(at_most) })];
    }),
    ...(any ? [{ kind: "group" as const, op: "any" as const, inside: any.map(asChild) }] : []),
    ...(not ? [noneOf(not)] : []),
    ...all.map(asChild),
  ];
  // a rule that is one group and no more is that group
  const [only, ...more] = inside;
  return only?.kind === "group" && more.length === 0 ? only : { kind: "group", op: "all", inside };
}

/** A rule inside another; one condition alone needs no group. */
function asChild(rule: Audience): ConditionNode | GroupNode {
  const tree = treeOf(rule);
  const [only, ...more] = tree.inside;
  return tree.op === "all" && only && more.length === 0 ? only : tree;
}

function noneOf(not: Audience): GroupNode {
  const tree = treeOf(not);
  // not (a or b) is none of a and b; not (a and b) is not
  const inside = tree.op === "any" || (tree.op === "all" && tree.inside.length === 1) ? tree.inside : [tree];
  return { kind: "group", op: "none", inside };
}

/** A condition with what is not given left empty. */
export function condition(
  field: ConditionNode["field"],
  given: Partial<Pick<ConditionNode, "values" | "at_least" | "at_most">> = {},
): ConditionNode {
  return { kind: "condition", field, values: [], at_least: "", at_most: "", ...given };
}

/** The tree as an audience's data, not checked: what is wrong in it is found where `places` tell. Empty groups say nothing. */
export function audienceOf(tree: GroupNode): { audience: Record<string, unknown>; places: Places } {
  const places: Places = [];
  const audience = ruleOf(tree, "", "", places);
  return { audience, places };
}

type Rule = Record<string, unknown>;

function ruleOf(node: ConditionNode | GroupNode, at: string, path: string, places: Places): Rule {
  if (node.kind === "condition") {
    places.push([join(path, node.field), at]);
    return { [node.field]: typedValue(node) };
  }
  const inside = node.inside
    .map((child, index) => ({ child, at: join(at, `${index}`) }))
    .filter(({ child }) => saysSomething(child));
  if (inside.length === 0) return {};
  if (node.op === "any")
    return { any: inside.map((one, index) => ruleOf(one.child, one.at, join(path, `any.${index}`), places)) };
  if (node.op === "none") {
    const [only, ...more] = inside;
    if (only && more.length === 0) return { not: ruleOf(only.child, only.at, join(path, "not"), places) };
    const any = inside.map((one, index) => ruleOf(one.child, one.at, join(path, `not.any.${index}`), places));
    return { not: { any } };
  }
  return allOf(inside, path, places);
}

/** Each in a place of its own: what would stand twice goes below `all`. */
function allOf(
  inside: readonly { child: ConditionNode | GroupNode; at: string }[],
  path: string,
  places: Places,
): Rule {
  const rule: Rule = {};
  const more: Rule[] = [];
  for (const { child, at } of inside) {
    const key = child.kind === "condition" ? child.field : { all: "all", any: "any", none: "not" }[child.op];
    if (key === "all" || key in rule) more.push(ruleOf(child, at, join(path, `all.${more.length}`), places));
    else Object.assign(rule, ruleOf(child, at, path, places));
  }
  return more.length > 0 ? { ...rule, all: more } : rule;
}

function saysSomething(node: ConditionNode | GroupNode): boolean {
  return node.kind === "condition" || node.inside.some(saysSomething);
}

/** As it was typed: a number where it is one. */
function typedValue({ field, values, at_least, at_most }: ConditionNode): unknown {
  if (isList(field)) return values;
  const bound = (key: string, text: string): [string, unknown][] =>
    text.trim() === "" ? [] : [[key, /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text]];
  return Object.fromEntries([...bound("at_least", at_least), ...bound("at_most", at_most)]);
}

/** Whether a condition asks for a list of values. */
export function isList(field: ConditionNode["field"]): field is ListField {
  return (LIST_FIELDS as readonly string[]).includes(field);
}

function join(path: string, step: string): string {
  return path === "" ? step : `${path}.${step}`;
}
