// Where in the form each fault of a touchpoint stands: from the path to its value to the field it was typed into.
import type { Places } from "../../journeys/audience-tree.js";
import type { Fault } from "../../kernel/refusals.js";
import { sayFormFault } from "./fault-words.js";

/** Faults by field, and those that stand at no field of this form. */
export interface FormFaults {
  fields: Record<string, string>;
  others: string[];
}

/** `index` is the touchpoint's place in its journey; `places` tell where the audience's conditions stand. */
export function formFaults(faults: readonly Fault[], index: number, places: Places): FormFaults {
  const own = `touchpoints.${index}`;
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const fault of faults) {
    const path = fault.field ?? "";
    const isOwn = path === own || path.startsWith(`${own}.`);
    const said =
      fault.value && /[\u4e00-\u9fff]/.test(fault.value)
        ? `“${fault.value}”：${sayFormFault(fault)}`
        : sayFormFault(fault);
    if (!isOwn) others.push(path === "" ? said : `${sayFormFault(fault)}（${path}）`);
    else {
      const field = fieldOf(path.slice(own.length + 1), fault.expected, places);
      fields[field] = fields[field] ? `${fields[field]}；${said}` : said;
    }
  }
  return { fields, others };
}

const SAME: Record<string, string> = {
  ...{ days: "n", weeks: "n", months: "n", after: "anchor", before: "anchor", on: "day", repeat: "anchor" },
};

/** Faults of a whole touchpoint, attachment or variant begin with the key that is missing in it. */
function fieldOf(path: string, expected: string, places: Places): string {
  const missing = /^(\w+):/.exec(expected)?.[1] ?? "";
  const [head = "", row, ...rest] = path.split(".");
  if (head === "") return fieldOf(missing === "" ? "name" : missing, "", places);
  if (head === "audience") return audienceField(path.slice("audience.".length), places);
  if (head === "attachments") {
    if (row === undefined) return "attachments";
    const key = rest[0] ?? missing;
    if (["picurl", "cover", "file"].includes(key)) return `attachment.${row}.file`;
    return `attachment.${row}.${{ code: "left", blocked_months: "from" }[key] ?? key}`;
  }
  if (head === "variants") return row === undefined ? "variants" : `variant.${row}.${rest[0] ?? missing}`;
  if (head === "form") return row ?? (missing === "" ? "outcomes" : missing);
  if (head === "experiment") return row ?? "variants";
  return SAME[head] ?? head;
}

/** The condition whose data holds the path; of a group the builder itself. */
function audienceField(path: string, places: Places): string {
  const found = places.find(([data]) => path === data || path.startsWith(`${data}.`));
  return found ? `audience.${found[1]}` : "audience";
}
