// The day's card, inside what a card may hold, whatever the names are.
import { join } from "node:path";
import fc from "fast-check";
import { projectRoot } from "../../src/infra/config.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { listCard } from "../../src/tasks/list-card.js";
import type { ListLine } from "../../src/tasks/setup.js";

const card = listCard(pageRenderer(join(projectRoot, "templates/cards")));
const line = (n: number, more: Partial<ListLine> = {}): ListLine => ({
  ...{ taskId: n, position: n, customerName: `客户${n}`, childName: null, touchpointName: "第7天关怀" },
  ...{ way: "mass", automatic: false, state: "offered", why: "加好友第7天" },
  ...more,
});
const make = (lines: ListLine[]) => {
  const note = card({
    guide: { id: 12, userid: "lan", name: "兰兰" },
    day: "2026-03-02",
    lines,
    url: "http://x/g",
  });
  if (note.kind !== "card") throw new Error("no card");
  return note;
};

test("few customers stand there by name, many by occasion", () => {
  expect(make([line(1, { customerName: "欧阳娜娜小姐" })]).lines).toEqual([
    { label: "欧阳娜娜…", value: "加好友第7天" },
  ]);
  const many = [...Array(9).keys()].map((n) => line(n, { touchpointName: `触点${n}` }));
  expect(make([...many, line(10, { touchpointName: "触点3" })]).lines).toEqual([
    { label: "1 位", value: "触点0" },
    { label: "1 位", value: "触点1" },
    { label: "1 位", value: "触点2" },
    { label: "2 位", value: "触点3" },
    { label: "1 位", value: "触点4" },
    { label: "4 位", value: "其他" },
  ]);
});

test("it says what to do with them", () => {
  const { title, description } = make([
    line(1),
    line(2, { way: "page" }),
    line(3, { way: "hand" }),
    line(4, { state: "needs_data" }),
  ]);
  expect(title).toBe("今日跟进 4 位客户");
  expect(description).toBe(
    "1 位已放进群发助手，点一下确认就发出。1 位请打开列表逐个发送。1 位需要回访。1 位还缺资料，补上才能发。",
  );
});

test("it keeps the limits of a card, and the same list makes the same card", () => {
  const word = fc.string({ unit: "grapheme", maxLength: 60 });
  const lines = fc.array(fc.record({ customerName: word, why: word, touchpointName: word }), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(lines, (some) => {
      const list = some.map((more, n) => line(n, more));
      const note = make(list);
      expect(note.lines.length).toBeLessThanOrEqual(6);
      for (const { label, value } of note.lines) {
        expect([...label].length).toBeLessThanOrEqual(5);
        expect([...value].length).toBeLessThanOrEqual(30);
      }
      expect([...note.title].length).toBeLessThanOrEqual(36);
      expect([...note.description].length).toBeLessThanOrEqual(160);
      expect(note.cardId).toMatch(/^[0-9A-Za-z_@-]{1,128}$/);
      expect(make(list)).toEqual(note);
    }),
  );
});
