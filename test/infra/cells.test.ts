// Cells: which texts each kind takes, and what they become.
import { choice, day, flag, list, mobile, money, text, whole } from "../../src/infra/cells.js";

const no = undefined;

test.each([
  ["2026-03-02", "2026-03-02"],
  ["2026/3/2", "2026-03-02"],
  ["2026.3.2", "2026-03-02"],
  ["20260302", "2026-03-02"],
  ["2026年3月2日", "2026-03-02"],
  ["2026-03-02 08:30:00", "2026-03-02"],
  ["2026-03-02T08:30", "2026-03-02"],
  ["2024-02-29", "2024-02-29"],
  ["0001-01-01", "0001-01-01"],
  ["2023-02-29", no],
  ["2026-13-01", no],
  ["2026-04-31", no],
  ["2026-3/2", no],
  ["26-03-02", no],
  ["02/03/2026", no],
  ["2026-03", no],
  ["42000", no],
  ["昨天", no],
])("day %s", (given, value) => {
  expect(day.read(given)).toBe(value);
  // the second time it is remembered
  expect(day.read(given)).toBe(value);
});

test.each([
  ["0", 0],
  ["10000", 10_000],
  ["3.0", 3],
  ["3.5", no],
  ["-1", no],
  ["10001", no],
  ["1e3", no],
  ["", no],
  ["一", no],
])("whole number from 0 to 10000: %j", (given, value) => {
  expect(whole(0, 10_000).read(given)).toBe(value);
});

test.each([
  ["268", 268],
  ["268.5", 268.5],
  ["268.50", 268.5],
  ["268.5000", 268.5],
  ["0.05", 0.05],
  ["268.505", no],
  ["-1", no],
  ["￥268", no],
  ["1,268", no],
  ["12345678901", no],
])("money %s", (given, value) => {
  expect(money.read(given)).toBe(value);
});

test.each([
  ["1", 1],
  ["TRUE", 1],
  ["是", 1],
  ["0", 0],
  ["No", 0],
  ["否", 0],
  ["2", no],
  ["maybe", no],
])("flag %s", (given, value) => {
  expect(flag.read(given)).toBe(value);
});

test.each([
  ["13812345678", "13812345678"],
  ["+86 138-1234-5678", "13812345678"],
  ["8613812345678", "13812345678"],
  ["12812345678", no],
  ["1381234567", no],
  ["138123456789", no],
  ["010-12345678", no],
])("mobile %s", (given, value) => {
  expect(mobile.read(given)).toBe(value);
});

test.each([
  ["a|b", ["a", "b"]],
  [" a | b |a|", ["a", "b"]],
  ["|", []],
  ["abcdef", no],
])("list of words of at most 5: %j", (given, value) => {
  expect(list(5).read(given)).toEqual(value);
});

test.each([
  ["abcde", "abcde"],
  ["宝宝宝宝宝", "宝宝宝宝宝"],
  ["𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷"],
  ["𠮷𠮷𠮷𠮷𠮷𠮷", no],
  ["abcdef", no],
  ["a\nb", no],
  ["a\u0000b", no],
  ["half a \ufffd", no],
])("text of at most 5 characters: %j", (given, value) => {
  expect(text(5).read(given)).toBe(value);
});

test("a choice takes its words in every spelling", () => {
  const sex = choice(["boy", "girl"], { 男: "boy", 女: "girl" });
  expect(["boy", "Boy", "男", "女", "x"].map((given) => sex.read(given))).toEqual([
    ...["boy", "boy", "boy", "girl", no],
  ]);
  expect(sex.expected).toBe("boy or girl");
});
