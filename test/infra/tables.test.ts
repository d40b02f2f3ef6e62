// Rows by their columns: English and Chinese headings, what is missing or odd said with its place.
import { day, text, whole } from "../../src/infra/cells.js";
import { optional, readCells, readHeading, readObject, required } from "../../src/infra/tables.js";
import { sayFault } from "../../src/kernel/refusals.js";

const children = {
  name: "children",
  chinese: "宝宝",
  columns: {
    customer: required("external_userid", "客户ID", text(8)),
    no: required("child_no", "宝宝序号", whole(1, 20)),
    bornOn: optional("born_on", "出生日期", day),
  },
};
const stores = {
  name: "stores",
  chinese: "门店",
  columns: {
    code: required("store_code", "门店编码", text(8)),
    name: required("store_name", "门店名称", text(8)),
  },
  rest: { key: "regions", heading: "region", chinese: "大区" },
};

describe("heading", () => {
  test.each([
    ["English", ["external_userid", "child_no", "born_on"]],
    ["Chinese", ["客户ID", "宝宝序号", "出生日期"]],
    ["capitals and spaces", [" External_UserID", "CHILD_NO ", "Born_On"]],
    ["mixed, another order", ["出生日期", "child_no", "客户id"]],
  ])("%s", (_name, names) => {
    const heading = readHeading(children, "c.csv", names);
    expect(heading.places.map(({ key }) => key).sort()).toEqual(["bornOn", "customer", "no"]);
  });

  test("what it does not know is named, a reason of an earlier refusal is not", () => {
    const heading = readHeading(children, "c.csv", ["reason", "external_userid", "child_no", "", "备注"]);
    expect(heading.ignored).toEqual(["备注"]);
  });

  test.each([
    [
      ["external_userid", "born_on"],
      'c.csv is not a table of children: its first line has no child_no (宝宝序号); it reads "external_userid, born_on".',
    ],
    [
      ["<html>"],
      'c.csv is not a table of children: its first line has no external_userid (客户ID), child_no (宝宝序号); it reads "<html>".',
    ],
    [
      ["external_userid", "child_no", "Child_No"],
      "c.csv has the column child_no twice; keep the one that is meant.",
    ],
    [
      ["external_userid", "child_no", "宝宝序号"],
      "c.csv has the column 宝宝序号 twice; keep the one that is meant.",
    ],
  ])("%j is refused in one sentence", (names, message) => {
    expect(() => readHeading(children, "c.csv", names)).toThrow(message);
  });

  test.each([
    [
      ["store_code", "store_name", "region", "province"],
      ["region", "province"],
    ],
    [
      ["大区", "省份", "城市", "门店编码", "门店名称"],
      ["大区", "省份", "城市"],
    ],
    [
      ["备注", "门店编码", "大区", "门店名称", "战区"],
      ["大区", "战区"],
    ],
  ])("region levels of %j", (names, rest) => {
    expect(readHeading(stores, "s.csv", names).rest).toEqual(rest);
  });

  test("stores without a region are none", () => {
    expect(() => readHeading(stores, "s.csv", ["store_code", "store_name"])).toThrow("has no region (大区)");
  });
});

describe("rows of a file", () => {
  const heading = readHeading(children, "c.csv", ["external_userid", "child_no", "born_on"]);

  test("values, trimmed; an empty cell says nothing", () => {
    expect(readCells(heading, [" wm1 ", "2", "2026/3/2"], 5)).toEqual({
      row: { customer: "wm1", no: 2, bornOn: "2026-03-02" },
    });
    expect(readCells(heading, ["wm1", "2", " "], 5)).toEqual({ row: { customer: "wm1", no: 2 } });
  });

  test.each([
    [
      ["wm1", "x", "2026-13-01"],
      [
        'c.csv line 5 column 2, child_no "x": expected a whole number from 1 to 20',
        'c.csv line 5 column 3, born_on "2026-13-01": expected a date YYYY-MM-DD',
      ],
    ],
    [
      ["", "1", ""],
      ['c.csv line 5 column 1, external_userid "": expected a value (text of at most 8 characters)'],
    ],
    [["wm1", "1"], ["c.csv line 5: expected 3 columns as in the heading, found 2"]],
    [["wm1", "1", "", "9"], ["c.csv line 5: expected 3 columns as in the heading, found 4"]],
  ])("%j is refused cell by cell", (cells, said) => {
    expect(readCells(heading, cells, 5).faults?.map(sayFault)).toEqual(said);
  });

  test("the region names come in their order, empty ones too", () => {
    const names = readHeading(stores, "s.csv", ["大区", "省份", "store_code", "store_name", "城市"]);
    expect(readCells(names, ["华东", "", "S1", "一店", "南京"], 2).row).toEqual({
      ...{ code: "S1", name: "一店", regions: ["华东", "", "南京"] },
    });
  });
});

describe("rows of JSON", () => {
  test.each([
    [
      "text and numbers",
      { external_userid: "wm1", child_no: 2, born_on: "2026-03-02" },
      { customer: "wm1", no: 2, bornOn: "2026-03-02" },
    ],
    ["Chinese names", { 客户ID: "wm1", 宝宝序号: "2" }, { customer: "wm1", no: 2 }],
    [
      "null empties, an empty text says nothing",
      { external_userid: "wm1", child_no: 1, born_on: null },
      { customer: "wm1", no: 1, bornOn: null },
    ],
    [
      "an empty text says nothing",
      { external_userid: "wm1", child_no: 1, born_on: "" },
      { customer: "wm1", no: 1 },
    ],
  ])("%s", (_name, given, row) => {
    expect(readObject(children, given, 1)).toEqual({ row });
  });

  test.each([
    ["no object", 7, ['children line 3, "7": expected an object']],
    ["null", null, ['children line 3, "null": expected an object']],
    ["an array", ["wm1"], ['children line 3, "wm1": expected an object']],
    [
      "a field missing",
      { child_no: 1 },
      ['children line 3, external_userid "": expected a value (text of at most 8 characters)'],
    ],
    [
      "a required field null",
      { external_userid: null, child_no: 1 },
      ['children line 3, external_userid "": expected a value (text of at most 8 characters)'],
    ],
    [
      "a value that is none",
      { external_userid: "wm1", child_no: { a: 1 } },
      ['children line 3, child_no "": expected a whole number from 1 to 20'],
    ],
    [
      "a field we do not have",
      { external_userid: "wm1", child_no: 1, bron_on: "2026-03-02" },
      ["children line 3, bron_on: expected one of external_userid, child_no, born_on"],
    ],
  ])("%s is refused", (_name, given, said) => {
    expect(readObject(children, given, 3).faults?.map(sayFault)).toEqual(said);
  });

  test.each([
    ["a list", { store_code: "S1", store_name: "一店", regions: ["华东", "上海市"] }],
    ["a field a level", { store_code: "S1", region: "华东", province: "上海市", store_name: "一店" }],
  ])("regions as %s", (_name, given) => {
    expect(readObject(stores, given, 1).row).toEqual({
      code: "S1",
      name: "一店",
      regions: ["华东", "上海市"],
    });
  });
});
