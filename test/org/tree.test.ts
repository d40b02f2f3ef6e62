// The region tree: who lies below whom.
import { orgTree, trailIds } from "../../src/org/tree.js";

const node = (id: number, parentId: number, name: string, depth: number, trail: string) => ({
  ...{ id, parentId, name, depth, trail },
});
const tree = orgTree(
  [
    node(4, 2, "浦东", 2, "/1/2/4/"),
    node(1, 0, "华东", 0, "/1/"),
    node(3, 0, "华北", 0, "/3/"),
    node(2, 1, "上海市", 1, "/1/2/"),
    node(5, 1, "江苏省", 1, "/1/5/"),
    node(6, 3, "上海市", 1, "/3/6/"),
  ],
  ["大区", "省份", "区县"],
);

test("nodes come parents first", () => {
  expect(tree.nodes.map(({ id }) => id)).toEqual([1, 3, 2, 5, 6, 4]);
});

test.each([
  ["a top", 1, [1, 2, 4, 5]],
  ["a middle", 2, [2, 4]],
  ["a lowest", 4, [4]],
  ["an unknown one", 99, []],
])("subtree of %s", (_name, id, ids) => {
  expect(tree.subtree(id)).toEqual(ids);
});

test.each([
  ["a top", 3, [3], 3, "华北"],
  ["a lowest", 4, [1, 2, 4], 1, "华东 / 上海市 / 浦东"],
  ["an unknown one", 99, [], undefined, ""],
])("above %s", (_name, id, ids, top, path) => {
  expect(tree.ancestors(id)).toEqual(ids);
  expect(tree.top(id)).toBe(top);
  expect(tree.pathName(id)).toBe(path);
});

test.each([
  [["华东", "上海市"], 2],
  [["华北", "上海市"], 6],
  [["上海市"], undefined],
  [["华东", "浦东"], undefined],
  [[], undefined],
])("path %j", (names, id) => {
  expect(tree.byPath(names)?.id).toBe(id);
});

test("children, of the ground too", () => {
  expect(tree.children(0).map(({ name }) => name)).toEqual(["华东", "华北"]);
  expect(tree.children(1).map(({ name }) => name)).toEqual(["上海市", "江苏省"]);
  expect(tree.children(4)).toEqual([]);
});

test("a trail's ids", () => {
  expect(trailIds("/1/2/4/")).toEqual([1, 2, 4]);
});
