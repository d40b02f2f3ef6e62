// The variables of words as buttons: what each is called, and what a tap puts in.
import { WORD_VARIABLES } from "../../journeys/words.js";

/** Every variable, in the order of the buttons. */
export const VARIABLE_BUTTONS: readonly { name: string; label: string; insert: string }[] = Object.entries(
  WORD_VARIABLES,
).map(([name, { label, type }]) => ({ name, label, insert: asInserted(name, type) }));

/** A date stands as people write it, a number with its middle hidden. */
function asInserted(name: string, type: string): string {
  if (type === "date") return `{{date ${name}}}`;
  return name === "customer.phone" ? `{{phone ${name}}}` : `{{${name}}}`;
}
