// Notes inside WeCom's limits: texts in pieces, cards cut before the platform cuts them.
import fc from "fast-check";
import { messagesOf, pieces } from "../../../src/channels/wecom/notes.js";

test("a text inside the limit is one piece", () => {
  expect(pieces("1. 王女士\n2. 李女士", 2048)).toEqual(["1. 王女士\n2. 李女士"]);
  expect(pieces("", 10)).toEqual([""]);
});

test("a longer one breaks at line ends, and inside a line only when it must", () => {
  expect(pieces("一二三\n四五六\n七", 20)).toEqual(["一二三\n四五六", "七"]);
  expect(pieces("一二三四\n五", 9)).toEqual(["一二三", "四\n五"]);
});

test("no piece is too long, nothing is lost but line ends, no character is broken", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.integer({ min: 32, max: 200 }),
      (text, limit) => {
        const all = pieces(text, limit);
        expect(all.every((piece) => Buffer.byteLength(piece) <= limit)).toBe(true);
        expect(all.join("").replaceAll("\n", "")).toBe(text.replaceAll("\n", ""));
      },
    ),
  );
});

test("a card without buttons is a notice; with buttons it needs its id", () => {
  const note = {
    kind: "card" as const,
    cardId: "day@lan",
    title: "今日任务",
    description: "3 位",
    lines: [{ label: "新客", value: "2 位" }],
    url: "https://example.com/today",
    buttons: [] as { text: string; key: string }[],
  };
  expect(messagesOf(note)).toMatchObject([
    { template_card: { card_type: "text_notice", card_action: { type: 1 } } },
  ]);
  const [message] = messagesOf({ ...note, buttons: [{ text: "开始", key: "start" }] });
  expect(message).toMatchObject({
    template_card: {
      card_type: "button_interaction",
      task_id: "day@lan",
      button_list: [{ type: 0, text: "开始", style: 1, key: "start" }],
    },
  });
});
