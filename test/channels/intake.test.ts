// The intake: archive records in any order, as often as they come; who and what is not counted, and why.
import { type IntakeAnswer, type IntakeService, intakeService } from "../../src/channels/intake.js";
import { type MessageService, messageService } from "../../src/channels/messages.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { archived, enrol, recallOf } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";

const at = Date.parse("2026-03-02T02:00:00Z");
const zone = "Asia/Shanghai";
const log = { error: () => undefined };

describeOnEachDatabase("intake of archive records", (store) => {
  let messages: MessageService;
  let intake: IntakeService["intake"];
  let push: (messages: unknown[]) => Promise<IntakeAnswer>;
  let heard: number;
  beforeAll(async () => {
    await enrol(store(), 3, 4);
    const onMessages = async () => {
      heard++;
    };
    const erased = async () => new Set(["wmErased"]);
    messages = messageService({ store: store(), zone, log, erased, onMessages });
    intake = intakeService({ store: store(), world: { now: () => at }, messages }).intake;
    push = (some) => intake({ messages: some });
  });
  beforeEach(async () => {
    heard = 0;
    await store().write(async (sql) => {
      for (const table of ["message", "early_message", "credit_mark", "rollup_mark"])
        await sql.run(`DELETE FROM ${table}`);
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
    expect(answer).toEqual({ accepted: 4, duplicate: 0, waiting: 0, ignored: [] });
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
    expect(await push([...some, ...some])).toEqual({ accepted: 2, duplicate: 2, waiting: 0, ignored: [] });
    const before = await logged();
    expect(await push(some)).toEqual({ accepted: 0, duplicate: 2, waiting: 0, ignored: [] });
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

  describe("of somebody who is not known yet", () => {
    const hello = archived("e1", "wmNewOne", "g2", at, "你好");
    const answered = archived("e2", "g2", "wmNewOne", at + 1, "在的");
    const waiting = () => rows<{ msgid: string }>("SELECT msgid FROM early_message ORDER BY msgid, recalled");
    const meet = (externalUserid: string) =>
      store().write((sql) =>
        sql.run(
          "INSERT INTO customer (external_userid, name, guide_id, opted_out, stopped, bucket) VALUES (?, '', 2, 0, 0, 0)",
          [externalUserid],
        ),
      );
    afterEach(() => store().write((sql) => sql.run("DELETE FROM customer WHERE external_userid LIKE 'wm%'")));

    test("a message waits, however often it is told, and comes in whole when they are known", async () => {
      const back = recallOf(hello, at + 60_000);
      const answer = await push([hello, answered, archived("m1", "c1", "g1", at, "早")]);
      expect(answer).toEqual({ accepted: 1, duplicate: 0, waiting: 2, ignored: [] });
      expect(await push([answered, hello, back])).toMatchObject({ accepted: 0, waiting: 3, ignored: [] });
      expect((await waiting()).map(({ msgid }) => msgid)).toEqual(["e1", "e1", "e2"]);
      expect(await messages.takeIn(["wmOther"])).toBe(0);
      await meet("wmNewOne");
      expect(await messages.takeIn(["wmNewOne"])).toBe(3);
      const late = await logged();
      const facts = () =>
        rows("SELECT msgid, sent_at, sent_on, store_id, source FROM message ORDER BY msgid");
      const said = await facts();
      const marked = await rows("SELECT on_day, guide_id FROM rollup_mark WHERE guide_id = 2");
      expect(late).toMatchObject([
        { msgid: "e1", guide_id: 2, sender: "customer", type: "text", text: "你好", recalled: 1 },
        { msgid: "e2", guide_id: 2, sender: "guide", text: "在的", recalled: 0 },
        { msgid: "m1" },
      ]);
      expect(marked).toEqual([]);
      expect([await waiting(), await messages.takeIn()]).toEqual([[], 0]);
      // the same as if they had been known from the start
      await store().write((sql) => sql.run("DELETE FROM message"));
      await push([hello, answered, archived("m1", "c1", "g1", at, "早"), back]);
      expect([await logged(), await facts()]).toEqual([late, said]);
    });

    test("who becomes known while it is kept has it taken in at once", async () => {
      const service = intakeService({
        store: store(),
        world: { now: () => at },
        messages: {
          keep: messages.keep,
          wait: async (early, now) => {
            await meet("wmNewOne");
            return messages.wait(early, now);
          },
        },
      });
      expect(await service.intake({ messages: [hello] })).toMatchObject({ accepted: 0, waiting: 1 });
      expect(await logged()).toMatchObject([{ msgid: "e1", sender: "customer", text: "你好" }]);
      expect(await waiting()).toEqual([]);
    });

    test("one taken in twice at once counts once", async () => {
      await push([hello, answered]);
      await meet("wmNewOne");
      await Promise.all([messages.takeIn(["wmNewOne"]), messages.takeIn(), push([hello])]);
      expect(await logged()).toMatchObject([{ msgid: "e1" }, { msgid: "e2" }]);
      expect(await waiting()).toEqual([]);
    });

    test("nothing of whoever was erased waits, and nothing waits for ever", async () => {
      const erased = archived("e3", "g1", "wmErased", at, "?");
      expect(await push([hello, erased])).toMatchObject({
        waiting: 1,
        ignored: [{ msgid: "e3", reason: "unknown_customer" }],
      });
      await messages.forgetWaiting(at);
      expect(await waiting()).toHaveLength(1);
      await messages.forgetWaiting(at + 1);
      expect(await waiting()).toEqual([]);
    });
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
