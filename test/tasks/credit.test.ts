// Credit as a table, and what must hold for any sends and messages in any order.
import fc from "fast-check";
import { credit, type Heard, type Send } from "../../src/tasks/credit.js";

const hour = 3_600_000;
const minute = 60_000;
const window = 72 * hour;
const t0 = 1_770_000_000_000;

const send = (taskId: number, at: number, words = `第${taskId}条`): Send => ({ taskId, at: t0 + at, words });
const heard = (id: number, from: Heard["from"], at: number, text: string | null = "好的"): Heard => ({
  id,
  from,
  at: t0 + at,
  text,
});

type Row = [
  name: string,
  sends: Send[],
  heard: Heard[],
  /** message id → task id */
  credited: Record<number, number>,
  /** task id → replied (ms after t0, or null), observed, proven */
  known: Record<number, [number | null, boolean, boolean]>,
];

const rows: Row[] = [
  ["nothing at all", [], [], {}, {}],
  ["no message", [send(1, 0)], [], {}, { 1: [null, false, false] }],
  ["no send", [], [heard(1, "customer", 0)], {}, {}],
  [
    "an answer, heard though its send is not: replied, but nobody says the chat was observed",
    [send(1, 0)],
    [heard(7, "customer", hour)],
    { 7: 1 },
    { 1: [hour, false, false] },
  ],
  [
    "the send itself is on record",
    [send(1, 0, "宝宝满月啦")],
    [heard(7, "guide", 3_000, "宝宝满月啦"), heard(8, "customer", hour)],
    { 8: 1 },
    { 1: [hour, true, true] },
  ],
  [
    "the record has other white space",
    [send(1, 0, "宝宝 满月啦\n恭喜！")],
    [heard(7, "guide", 0, "宝宝满月啦 恭喜!")],
    {},
    { 1: [null, true, true] },
  ],
  [
    "the guide wrote something else at that time: observed, not proven",
    [send(1, 0)],
    [heard(7, "guide", minute, "在吗")],
    {},
    { 1: [null, true, false] },
  ],
  [
    "the same words hours later prove nothing",
    [send(1, 0, "早")],
    [heard(7, "guide", 5 * hour, "早")],
    {},
    { 1: [null, false, false] },
  ],
  [
    "one record proves one of two sends of the same words",
    [send(1, 0, "早"), send(2, minute, "早")],
    [heard(7, "guide", minute, "早")],
    {},
    { 1: [null, true, true], 2: [null, true, false] },
  ],
  [
    "a customer who says the words proves nothing",
    [send(1, 0, "早")],
    [heard(7, "customer", minute, "早")],
    { 7: 1 },
    { 1: [minute, false, false] },
  ],
  [
    "a chat heard before is heard now",
    [send(1, 0)],
    [heard(7, "customer", -hour)],
    {},
    { 1: [null, true, false] },
  ],
  [
    "the latest send gets it, every message once",
    [send(1, 0), send(2, hour)],
    [heard(7, "customer", hour / 2), heard(8, "customer", 2 * hour), heard(9, "customer", 3 * hour)],
    { 7: 1, 8: 2, 9: 2 },
    { 1: [hour / 2, false, false], 2: [2 * hour, true, false] },
  ],
  [
    "the end of the window belongs to it",
    [send(1, 0)],
    [heard(7, "customer", window), heard(8, "customer", window + 1)],
    { 7: 1 },
    { 1: [window, false, false] },
  ],
  [
    "the latest send is too old: no older one gets it",
    [send(1, 0), send(2, hour)],
    [heard(7, "customer", window + hour + 1)],
    {},
    { 1: [null, false, false], 2: [null, false, false] },
  ],
  [
    "a message of the same instant is no answer",
    [send(1, 0)],
    [heard(7, "customer", 0)],
    {},
    { 1: [null, false, false] },
  ],
  [
    "of two sends at one instant the later task",
    [send(2, 0), send(1, 0)],
    [heard(7, "customer", 1)],
    { 7: 2 },
    { 1: [null, false, false], 2: [1, false, false] },
  ],
  [
    "what the chat system writes answers nothing",
    [send(1, 0)],
    [heard(7, "auto", minute, "我通过了你的好友请求，现在我们可以开始聊天了")],
    {},
    { 1: [null, false, false] },
  ],
  [
    "a voice message is an answer",
    [send(1, 0)],
    [heard(7, "customer", minute, null)],
    { 7: 1 },
    { 1: [minute, false, false] },
  ],
];

test.each(rows)("%s", (_name, sends, messages, credited, known) => {
  const found = credit(sends, messages, window);
  expect(Object.fromEntries(found.messages)).toEqual(credited);
  const seen = [...found.sends].map(([taskId, { repliedAt, observed, proven }]) => [
    taskId,
    [repliedAt === null ? null : repliedAt - t0, observed, proven],
  ]);
  expect(Object.fromEntries(seen)).toEqual(known);
});

describe("for any sends and messages", () => {
  // a few instants and words, so that they meet
  const at = fc.oneof(
    fc.integer({ min: 0, max: 20 }).map((n) => n * 5 * minute),
    fc.integer({ min: 0, max: 96 * hour }),
  );
  const words = fc.constantFrom("早", "晚安", "宝宝满月啦");
  const sends = fc.uniqueArray(fc.record({ taskId: fc.integer({ min: 1, max: 40 }), at, words }), {
    selector: (one) => one.taskId,
    maxLength: 12,
  });
  const from = fc.constantFrom<Heard["from"]>("guide", "customer", "auto");
  const messages = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 1, max: 90 }), from, at, text: fc.option(words) }),
    { selector: (one) => one.id, maxLength: 20 },
  );
  const plainly = (found: ReturnType<typeof credit>) => ({
    messages: Object.fromEntries(found.messages),
    sends: Object.fromEntries(found.sends),
  });

  test("the order in which they became known changes nothing", () => {
    fc.assert(
      fc.property(sends, messages, fc.infiniteStream(fc.nat()), (some, said, dice) => {
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((item): [number, T] => [dice.next().value ?? 0, item])
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        expect(plainly(credit(shuffled(some), shuffled(said), window))).toEqual(
          plainly(credit(some, said, window)),
        );
      }),
    );
  });

  test("each of the customer's messages is credited at most once, to the latest send before it, inside the window", () => {
    fc.assert(
      fc.property(sends, messages, (some, said) => {
        const found = credit(some, said, window);
        for (const { id, from: who, at: time } of said) {
          const latest = some.filter((one) => one.at < time).map((one) => one.at);
          const expected = who === "customer" && latest.length > 0 && time - Math.max(...latest) <= window;
          expect(found.messages.has(id)).toBe(expected);
          const sent = some.find(({ taskId }) => taskId === found.messages.get(id));
          if (expected) expect(sent?.at).toBe(Math.max(...latest));
        }
      }),
    );
  });

  test("a send is replied exactly when a message is credited to it, at the first of them", () => {
    fc.assert(
      fc.property(sends, messages, (some, said) => {
        const found = credit(some, said, window);
        for (const { taskId } of some) {
          const times = said.filter(({ id }) => found.messages.get(id) === taskId).map((one) => one.at);
          const first = times.length === 0 ? null : Math.min(...times);
          expect(found.sends.get(taskId)?.repliedAt).toBe(first);
        }
      }),
    );
  });

  test("whether a send is observed does not depend on what the customer did after it", () => {
    fc.assert(
      fc.property(sends, messages, (some, said) => {
        const found = credit(some, said, window);
        for (const { taskId, at: time } of some) {
          const silent = said.filter((one) => one.from !== "customer" || one.at < time);
          expect(credit(some, silent, window).sends.get(taskId)?.observed).toBe(
            found.sends.get(taskId)?.observed,
          );
        }
      }),
    );
  });

  test("what is proven is observed, and no record proves two sends", () => {
    fc.assert(
      fc.property(sends, messages, (some, said) => {
        const found = [...credit(some, said, window).sends.values()];
        expect(found.every(({ proven, observed }) => observed || !proven)).toBe(true);
        const records = said.filter((one) => one.from === "guide" && one.text !== null).length;
        expect(found.filter(({ proven }) => proven).length).toBeLessThanOrEqual(records);
      }),
    );
  });
});
