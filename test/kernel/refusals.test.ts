// What a no looks like to the person who asked.
import { type Fault, Refusal, sayFault } from "../../src/kernel/refusals.js";

const said: [string, Fault, string][] = [
  ["a place alone", { where: "name", expected: "a text" }, "name: expected a text"],
  [
    "a line and a value",
    { where: "customers.csv", line: 12, value: "2026-13-01", expected: "a date YYYY-MM-DD" },
    'customers.csv line 12, "2026-13-01": expected a date YYYY-MM-DD',
  ],
  [
    "a line, a field and its value",
    { where: "customers.csv", line: 12, field: "joined_on", value: "2026-13-01", expected: "a date" },
    'customers.csv line 12, joined_on "2026-13-01": expected a date',
  ],
  ["a column", { where: "a.hbs", line: 2, column: 5, expected: "b" }, "a.hbs line 2 column 5: expected b"],
  ["an empty value", { where: "phone", value: "", expected: "11 digits" }, 'phone, "": expected 11 digits'],
  ["line 0 is still a line", { where: "a", line: 0, expected: "b" }, "a line 0: expected b"],
  ["quotes are escaped", { where: "a", value: 'x"y', expected: "b" }, 'a, "x\\"y": expected b'],
];

describe("sayFault", () => {
  it.each(said)("%s", (_name, fault, text) => {
    expect(sayFault(fault)).toBe(text);
  });
});

describe("Refusal", () => {
  it("is an Error with a kind and its faults", () => {
    const faults = [{ where: "a", expected: "b" }];
    const refusal = new Refusal("invalid", "The file cannot be read.", faults);
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).toMatchObject({
      name: "Refusal",
      kind: "invalid",
      message: "The file cannot be read.",
      faults,
    });
  });

  it("has no faults unless told", () => {
    expect(new Refusal("not_found", "No such customer.").faults).toEqual([]);
  });
});
