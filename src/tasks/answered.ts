// Whether the fact a task collects is known by now.
import type { Askable } from "../journeys/words.js";
import type { ChildFacts, CustomerFacts, People } from "./facts.js";

const KNOWN: Record<Askable, (customer: CustomerFacts, children: readonly ChildFacts[]) => boolean> = {
  "customer.name": ({ name }) => name !== "",
  "customer.phone": ({ phoneCipher }) => phoneCipher !== null,
  "customer.birthday": ({ birthday }) => birthday !== null,
  "child.name": (_customer, children) => children.some(({ name }) => name !== null),
  "child.born_on": (_customer, children) => children.some(({ bornOn }) => bornOn !== null),
  "child.due_on": (_customer, children) => children.some(({ dueOn, bornOn }) => (bornOn ?? dueOn) !== null),
};

/** False where nothing is asked for. Of a task about one child that child's fact is meant, else anybody's: the audience
 *  rule `lacks`, the other way round. */
export function isAnswered(
  ask: Askable | undefined,
  { customerId, childNo }: { customerId: number; childNo: number },
  people: People,
): boolean {
  const customer = people.customers.get(customerId);
  const children = people.children.get(customerId) ?? [];
  const meant = children.filter((child) => childNo === 0 || child.childNo === childNo);
  return Boolean(ask && customer && KNOWN[ask](customer, meant));
}
