// The audience builder as its template shows it: groups and conditions with the names of their fields.
import { BUYING_STAGES, CHILD_STAGES, HABITS } from "../../customers/stages.js";
import { LIST_FIELDS, type ListField, RANGE_FIELDS, type RangeField } from "../../journeys/audience.js";
import { type ConditionNode, type GroupNode, isList } from "../../journeys/audience-tree.js";
import { FIELD_NAMES, RANGE_NAMES, STAGE_NAMES } from "../../journeys/say-audience.js";
import { ASKABLE } from "../../journeys/words.js";

/** One choice of a list. */
export interface Choice {
  value: string;
  label: string;
}

const stages = (values: readonly (keyof typeof STAGE_NAMES)[]): Choice[] =>
  values.map((value) => ({ value, label: STAGE_NAMES[value] }));

/** The lists whose values are ours, with all of them; those of the others are the brand's. */
export const WORD_CHOICES: Partial<Record<ListField | RangeField, readonly Choice[]>> = {
  child_stage: stages(CHILD_STAGES),
  buying_stage: stages(BUYING_STAGES),
  habit: stages(HABITS),
  lacks: Object.entries(ASKABLE).map(([value, { label }]) => ({ value, label })),
};

/** The brand's own values to choose from, as far as they are few enough to be offered. */
export type Suggestions = Partial<Record<ListField, readonly string[]>>;

const OPS = [
  { value: "all", label: "全部满足" },
  { value: "any", label: "满足任一" },
  { value: "none", label: "都不满足" },
] as const;

const FIELDS: readonly Choice[] = [
  ...LIST_FIELDS.map((value) => ({ value, label: FIELD_NAMES[value] })),
  ...RANGE_FIELDS.map((value) => ({ value, label: RANGE_NAMES[value][0] })),
];

/** The builder's root; `faults` are by the path in the tree ("0.1"). */
export function audienceView(
  tree: GroupNode,
  suggestions: Suggestions,
  faults: ReadonlyMap<string, string>,
): object {
  return groupView(tree, "", { suggestions, faults });
}

interface Shown {
  suggestions: Suggestions;
  faults: ReadonlyMap<string, string>;
}

function groupView({ op, inside }: GroupNode, path: string, shown: Shown): object {
  return {
    isGroup: true,
    isRoot: path === "",
    path,
    name: path === "" ? "audience" : `audience.${path}`,
    ops: OPS.map((one) => ({ ...one, selected: one.value === op })),
    fault: shown.faults.get(path) ?? "",
    inside: inside.map((one, index) => {
      const at = path === "" ? `${index}` : `${path}.${index}`;
      return one.kind === "group" ? groupView(one, at, shown) : conditionView(one, at, shown);
    }),
  };
}

function conditionView(node: ConditionNode, path: string, { suggestions, faults }: Shown): object {
  const { field, values } = node;
  const choices = WORD_CHOICES[field];
  const offered = isList(field) ? (suggestions[field] ?? []) : [];
  return {
    isGroup: false,
    path,
    name: `audience.${path}`,
    fields: FIELDS.map((one) => ({ ...one, selected: one.value === field })),
    choices: choices?.map((one) => ({ ...one, checked: values.includes(one.value) })) ?? [],
    isText: isList(field) && !choices,
    isRange: !isList(field),
    label: isList(field) ? FIELD_NAMES[field] : RANGE_NAMES[field][0],
    unit: isList(field) ? "" : RANGE_NAMES[field][1],
    text: values.join("、"),
    offered: offered.filter((value) => !values.includes(value)),
    ...{ least: node.at_least, most: node.at_most },
    fault: faults.get(path) ?? "",
  };
}
