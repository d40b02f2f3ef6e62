// The buttons that put variables into words: named in words of the trade, and good as they are put in.
import { VARIABLE_BUTTONS } from "../../../src/console/words/variables.js";
import { compileMessage } from "../../../src/journeys/words.js";

test.each(VARIABLE_BUTTONS.map(({ label, insert }) => [label, insert]))("%s: %s", (label, insert) => {
  expect(label).toMatch(/^[^A-Za-z]+$/);
  expect(() => compileMessage(`您好${insert}`)).not.toThrow();
});

test("a phone number goes in with its middle hidden, and the button says so", () => {
  expect(VARIABLE_BUTTONS.find(({ name }) => name === "customer.phone")).toMatchObject({
    ...{ label: "客户手机号，如 138****1234", insert: "{{phone customer.phone}}" },
  });
});
