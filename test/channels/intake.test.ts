// The intake: archive records in any order, as often as they come; who and what is not counted, and why.
import { type IntakeAnswer, intakeService } from "../../src/channels/intake.js";
import { messageService } from "../../src/channels/messages.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { archived, enrol, recallOf } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";

const at = Date.parse("2026-03-02T02:00:00Z");
const zone = "Asia/Shanghai";
const log = { error: () => undefined };

describeOnEachDatabase("intake of archive records", (store) => {
  let push: (messages: unknown[]) => Promise<IntakeAnswer>;
  let heard: number;
  beforeAll(async () => {
    await enrol(store(), 3, 4);
    const onMessages = async () => {
      heard++;
    };
    const messages = messageService({ store: store(), zone, log, onMessages });
    const { intake } = intakeService({ store: store(), messages });
    push = (some) => intake({ messages: some });
  });
  beforeEach(async () => {
    heard = 0;
    await store().write(async (sql) => {
      for (const table of ["message", "credit_mark", "rollup_mark"]) await sql.run(`DELETE FROM ${table}`);
    });
  });
  const rows = <T>(sql: string) => store().read.rows<T>(sql);
  const logged = () =>
    rows("SELECT msgid, guide_id, customer_id, sender, type, text, recalled FROM message ORDER BY msgid");

  test("both directions, typed, with the shop day, marked and told once", async () => {
    const picture = {
      ...archived("m3", "c1", "g1", at + 2, ""),
      msgtype: "image",
      image: { sdkfileid: "x" },
    };
    const midnight = Date.parse("2026-03-02T16:00:00Z");
    const answer = await push([
      archived("m1", "g1", "c1", at, "早"),
      archived("m2", "c1", "g1", at + 1, "早呀"),
      picture,
      archived("m4", "c2", "g1", midnight, "在吗"),
    ]);
    expect(answer).toEqual({ accepted: 4, duplicate: 0, ignored: [] });
    expect(await logged()).toMatchObject([
      { msgid: "m1", guide_id: 1, customer_id: 1, sender: "guide", type: "text", text: "早" },
      { msgid: "m2", guide_id: 1, customer_id: 1, sender: "customer", type: "text", text: "早呀" },
      { msgid: "m3", guide_id: 1, customer_id: 1, sender: "customer", type: "image", text: null },
      { msgid: "m4", guide_id: 1, customer_id: 2, sender: "customer", type: "text", text: "在吗" },
    ]);
    expect(
      await rows("SELECT sent_on, source FROM message WHERE msgid IN ('m3', 'm4') ORDER BY msgid"),
    ).toEqual([
      { sent_on: "2026-03-02", source: "archive" },
      { sent_on: "2026-03-03", source: "archive" },
    ]);
    expect(await rows("SELECT customer_id, guide_id FROM credit_mark ORDER BY id")).toEqual([
      { customer_id: 1, guide_id: 1 },
      { customer_id: 2, guide_id: 1 },
    ]);
    expect(await rows("SELECT on_day, guide_id FROM rollup_mark ORDER BY id")).toEqual([
      { on_day: "2026-03-02", guide_id: 1 },
      { on_day: "2026-03-03", guide_id: 1 },
    ]);
    expect(heard).toBe(1);
  });

  test("a push again changes nothing; twice in one push counts once", async () => {
    const some = [archived("m1", "c1", "g1", at, "早"), archived("m2", "c1", "g1", at, "早")];
    expect(await push([...some, ...some])).toEqual({ accepted: 2, duplicate: 2, ignored: [] });
    const before = await logged();
    expect(await push(some)).toEqual({ accepted: 0, duplicate: 2, ignored: [] });
    expect(await logged()).toEqual(before);
    expect(await rows("SELECT * FROM credit_mark")).toHaveLength(1);
    expect(heard).toBe(1);
  });

  test("what is not counted is named with its reason", async () => {
    const { ignored, accepted } = await push([
      { ...archived("m1", "c1", "g1", at, "群里"), roomid: "room" },
      { ...archived("m2", "g1", "c1", at, "群发"), tolist: ["c1", "c2"] },
      archived("m3", "c1", "nobody", at, "?"),
      archived("m4", "stranger", "g1", at, "?"),
      archived("m5", "g1", "stranger", at, "?"),
      archived("m6", "g1", "g2", at, "同事"),
      archived("m7", "a", "b", at, "?"),
      { msgid: "m8", action: "switch", time: at, user: "g1" },
      { msgid: "m9", action: "send", from: "c1", tolist: ["g1"], msgtime: at, msgtype: "agree" },
      { ...archived("m10", "c1", "g1", at, "早"), msgtime: "soon" },
      { action: "send" },
      { ...archived("m11", "c1", "g1", at, ""), msgtype: "revoke", text: undefined },
      "nonsense",
      null,
      archived("m12", "c1", "g1", at, "我通过了你的联系人验证请求，现在我们可以开始聊天了"),
    ]);
    expect(ignored.map(({ msgid, reason }) => [msgid, reason])).toEqual([
      ["m10", "invalid"],
      ["", "invalid"],
      ["", "invalid"],
      ["", "invalid"],
      ["m1", "group_chat"],
      ["m2", "group_chat"],
      ["m3", "unknown_guide"],
      ["m4", "unknown_customer"],
      ["m5", "unknown_customer"],
      ["m6", "between_guides"],
      ["m7", "unknown_people"],
      ["m8", "not_a_message"],
      ["m9", "not_a_message"],
      ["m11", "invalid"],
    ]);
    expect(ignored[0]?.expected).toMatch(/^msgtime: /);
    expect(accepted).toBe(1);
    expect(await logged()).toMatchObject([{ msgid: "m12", sender: "auto" }]);
    // a greeting the chat system writes is nobody's message: no day to count anew
    expect(await rows("SELECT * FROM rollup_mark")).toEqual([]);
  });

  test.each(["before", "beside", "after"])("a message taken back, told %s it", async (when) => {
    const said = archived("m1", "c1", "g1", at, "早");
    const back = recallOf(said, at + 60_000);
    const pushes = { before: [[back], [said]], beside: [[back, said]], after: [[said], [back]] }[when] ?? [];
    for (const some of pushes) await push(some);
    expect(await logged()).toMatchObject([{ msgid: "m1", sender: "customer", recalled: 1 }]);
    const before = await rows("SELECT * FROM message");
    expect((await push([back, said, back])).accepted).toBe(0);
    expect(await rows("SELECT * FROM message")).toEqual(before);
    if (when === "after") expect(await rows("SELECT * FROM rollup_mark")).toHaveLength(2);
  });

  test("two pushes at once of the same records", async () => {
    const some = Array.from({ length: 700 }, (_, n) =>
      archived(`m${n}`, `c${(n % 4) + 1}`, "g1", at + n, "早"),
    );
    const recalls = some.slice(0, 50).map((record) => recallOf(record, at + 1_000));
    const answers = await Promise.all([push([...some, ...recalls]), push([...recalls, ...some].reverse())]);
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThanOrEqual(700);
    const [count] = await rows<{ n: number; back: number }>(
      "SELECT COUNT(*) AS n, SUM(recalled) AS back FROM message",
    );
    expect([Number(count?.n), Number(count?.back)]).toEqual([700, 50]);
  });

  test("what is no push at all is refused with what was expected", async () => {
    const { intake } = intakeService({ store: store(), messages: { keep: async () => 0 } });
    for (const body of [
      undefined,
      null,
      [],
      "x",
      {},
      { messages: "x" },
      { messages: Array(10_001).fill({}) },
    ])
      await expect(intake(body)).rejects.toBeInstanceOf(Refusal);
  });

  test("words of every script and length", async () => {
    const long = "宝".repeat(30_000);
    await push([
      archived("m1", "c1", "g1", at, "👶🏻 𠮷 'x' \"y\" \\ %"),
      archived("m2", "c1", "g1", at, long),
    ]);
    const [first, second] = await rows<{ text: string }>("SELECT text FROM message ORDER BY msgid");
    expect(first?.text).toBe("👶🏻 𠮷 'x' \"y\" \\ %");
    expect(second?.text).toHaveLength(8_000);
  });
});
