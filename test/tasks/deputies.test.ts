// Who stands in for a guide on leave, as a table.
import { type Acquaintance, deputyFor } from "../../src/tasks/deputies.js";

const mei: Acquaintance = { guideId: 2, beganOn: "2026-01-05" };
const hong: Acquaintance = { guideId: 3, beganOn: "2026-02-01" };
const ying: Acquaintance = { guideId: 4, beganOn: null };
const all = () => true;
const not =
  (...ids: number[]) =>
  (id: number) =>
    !ids.includes(id);

it.each<[string, Acquaintance[], number | null, (id: number) => boolean, number | null]>([
  ["nobody else knows the customer", [], null, all, null],
  ["the one who does", [mei], null, all, 2],
  ["the latest contact", [mei, hong, ying], null, all, 3],
  ["one whose beginning is not known comes last", [ying, mei], null, all, 2],
  ["of two who began on one day the lower id", [{ ...hong, guideId: 9 }, hong], null, all, 3],
  ["the one named first of all", [mei, hong], 2, all, 2],
  ["named, but no contact of this customer", [mei, hong], 4, all, 3],
  ["named, but away too", [mei, hong], 2, not(2), 3],
  ["the latest is away", [mei, hong], null, not(3), 2],
  ["everybody is away", [mei, hong], 2, not(2, 3), null],
])("%s", (_case, contacts, named, able, deputy) => {
  expect(deputyFor(contacts, named, able)).toBe(deputy);
  expect(deputyFor([...contacts].reverse(), named, able)).toBe(deputy);
});
