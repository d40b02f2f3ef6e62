// The wechaty channel over a mock puppet: what it does for its user because wechaty does not.
import type { ChannelEvents, ChatMessage } from "../../../src/channels/port.js";
import { ChannelError } from "../../../src/channels/port.js";
import { realWorld } from "../../../src/kernel/world.js";
import { everyKind } from "../../support/attachments.js";
import { until } from "../../support/until.js";
import { breakLink, openStage, quick, type Stage } from "../../support/wechaty/stage.js";

const deaf: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded"> = {
  guideSaid: async () => undefined,
  message: async () => undefined,
  contactAdded: async () => undefined,
};

describe("a wechaty account", () => {
  let stage: Stage;
  let heard: ChatMessage[];
  let said: { guideUserid: string; text: string }[];
  const followUp = (ref: string, text: string, externalUserids = ["c1"]) => ({
    ...{ ref, text, externalUserids, guideUserid: "g1" },
  });
  const kindOf = (work: Promise<unknown>) =>
    work.then(
      () => "no error",
      (error: unknown) => (error instanceof ChannelError ? error.kind : String(error)),
    );
  beforeEach(async () => {
    heard = [];
    said = [];
    const message = async (one: ChatMessage) => {
      heard.push(one);
    };
    const guideSaid = async (one: { guideUserid: string; text: string }) => {
      said.push(one);
    };
    stage = await openStage({ events: { ...deaf, message, guideSaid } });
  });
  afterEach(() => stage.channel.close());

  test("says the words, gives the puppet's id, and reports its own message", async () => {
    const handed = await stage.channel.handOver(followUp("h1", "宝宝满月啦"));
    expect(handed).toMatchObject({ refused: [], delivered: true });
    await until(() => heard.length === 1);
    expect(heard).toMatchObject([
      {
        msgid: `wechaty-${handed.providerRef}`,
        from: "guide",
        guideUserid: "g1",
        externalUserid: "c1",
        type: "text",
      },
    ]);
    expect(Math.abs(realWorld.now() - (heard[0]?.at ?? 0))).toBeLessThan(5_000);
  });

  test("hears the customer, not rooms", async () => {
    const [customer] = stage.customers;
    const room = stage.mocker.createRoom({ id: "room@1", memberIdList: ["g1", "c1"] });
    customer?.say("群里好").to(room);
    customer?.say("谢谢").to(stage.self);
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([
      { from: "customer", externalUserid: "c1", text: "谢谢", source: "wechaty" },
    ]);
  });

  test("the guide's own words into the account's chat are commands; our notes are not", async () => {
    expect(await stage.channel.tellGuide("g1", { kind: "text", text: "今天还有 3 位" })).toBe(true);
    stage.self.say("任务").to(stage.self);
    await until(() => said.length > 0);
    await new Promise((done) => setTimeout(done, 20));
    expect(said).toMatchObject([{ guideUserid: "g1", text: "任务" }]);
    expect(heard).toEqual([]);
  });

  test("a customer who is no contact is refused, the others get the words", async () => {
    const handed = await stage.channel.handOver(followUp("h1", "早", ["stranger", "c1"]));
    expect(handed.refused).toEqual([{ externalUserid: "stranger", reason: "not_a_friend" }]);
    await until(() => heard.length === 1);
    expect(heard.map(({ externalUserid }) => externalUserid)).toEqual(["c1"]);
  });

  test.each(["fails before", "fails after", "hangs"] as const)(
    "a send that %s is unknown, never repeated",
    async (mishap) => {
      stage.people.mishaps.push(mishap);
      expect(await kindOf(stage.channel.handOver(followUp("h1", "早")))).toBe("unknown");
      await new Promise((done) => setTimeout(done, 20));
      expect(heard.length).toBe(mishap === "fails after" ? 1 : 0);
      // the account goes on
      expect(await kindOf(stage.channel.handOver(followUp("h2", "晚")))).toBe("no error");
    },
  );

  test("once one customer has the words, a failure is no reason to say them again", async () => {
    stage.people.mishaps.push(undefined, "fails before");
    const handed = await stage.channel.handOver(followUp("h1", "早", ["c1", "c2"]));
    expect(handed).toMatchObject({ delivered: true, refused: [{ externalUserid: "c2", reason: "refused" }] });
  });

  test("one thing at a time, in order", async () => {
    await Promise.all(["1", "2", "3", "4"].map((text) => stage.channel.handOver(followUp(text, text))));
    await until(() => heard.length === 4);
    const sent = [...stage.mocker.cacheMessagePayload.values()].map((payload) => payload.text);
    expect(sent).toEqual(["1", "2", "3", "4"]);
  });

  test("another guide's words are not said by this account", async () => {
    expect(await kindOf(stage.channel.handOver({ ...followUp("h1", "早"), guideUserid: "g2" }))).toBe("fix");
  });

  test("a hearer that fails and an event about nothing end nobody", async () => {
    const failing = await openStage({
      events: { ...deaf, message: () => Promise.reject(new Error("database gone")) },
    });
    failing.puppet().emit("message", { messageId: "nothing" });
    failing.customers[0]?.say("在吗").to(failing.self);
    await new Promise((done) => setTimeout(done, 30));
    expect(await failing.channel.tellGuide("g1", { kind: "text", text: "早" })).toBe(true);
    await failing.channel.close();
  });

  test("logged out: nothing is handed over, and another puppet is made until somebody logs in again", async () => {
    stage.people.logsIn = false;
    stage.puppet().logout();
    await until(() => !stage.channel.isThere());
    expect(await kindOf(stage.channel.handOver(followUp("h1", "早")))).toBe("retry");
    expect(await kindOf(stage.channel.tellGuide("g1", { kind: "text", text: "早" }))).toBe("retry");
    await until(() => stage.made() === 2);
    stage.puppet().login("g1");
    await until(() => stage.channel.isThere());
    expect(await kindOf(stage.channel.handOver(followUp("h2", "晚")))).toBe("no error");
    expect(stage.people.between("g1", "c1")).toEqual(["晚"]);
  });
});

describe("a link that breaks", () => {
  const words = (text: string) => ({ ref: text, text, externalUserids: ["c1"], guideUserid: "g1" });
  const told: ChatMessage[] = [];
  const events = {
    ...deaf,
    message: async (one: ChatMessage) => {
      told.push(one);
    },
  };
  let stage: Stage;
  beforeEach(() => {
    told.length = 0;
  });
  afterEach(() => stage.channel.close());

  /** The link breaks, c1 writes while nobody listens, and the account comes back. */
  async function gap(): Promise<void> {
    stage.people.logsIn = false;
    breakLink(stage.puppet());
    await until(() => !stage.channel.isThere() && stage.made() === 2);
    stage.puppet().removeAllListeners("message");
    stage.customers[0]?.say("在吗").to(stage.self);
    stage.self.say("发 1").to(stage.self);
    stage.puppet().emit("error", { code: 14, message: "14 UNAVAILABLE", details: "still away" } as never);
    stage.people.logsIn = true;
    await until(() => stage.channel.isThere() && stage.gaps.length === 1);
  }

  test("what was said meanwhile is found again where the puppet keeps it, and once", async () => {
    stage = await openStage({ events, keeps: true });
    await stage.channel.handOver(words("早"));
    await until(() => told.length === 1);
    await gap();
    expect(stage.gaps).toMatchObject([{ recovered: 1 }]);
    expect(told.map(({ from, text }) => [from, text])).toEqual([
      ["guide", "早"],
      ["customer", "在吗"],
    ]);
  });

  test("where it keeps nothing, that is said", async () => {
    stage = await openStage({ events });
    await gap();
    expect(stage.gaps).toMatchObject([{ recovered: null }]);
    expect(told).toEqual([]);
  });

  test("a send that breaks it is unknown, and the account comes back by itself", async () => {
    stage = await openStage({ events });
    stage.people.mishaps.push("hangs");
    const lost = stage.channel.handOver(words("早"));
    lost.catch(() => undefined);
    await until(() => stage.people.mishaps.length === 0);
    breakLink(stage.puppet());
    await expect(lost).rejects.toMatchObject({ kind: "unknown" });
    await until(() => stage.channel.isThere());
    expect(stage.people.between("g1", "c1")).toEqual([]);
  });

  test("a puppet that stops answering is replaced; one that never answered is left alone", async () => {
    stage = await openStage({ events });
    const silent = stage.puppet();
    await new Promise((done) => setTimeout(done, 50));
    silent.ding = () => undefined;
    await until(() => stage.made() === 2 && stage.channel.isThere());
    expect(stage.gaps).toHaveLength(1);
  });

  test("a contact who cannot be read now is no stranger", async () => {
    stage = await openStage({ events });
    const puppet = stage.puppet();
    puppet.contactRawPayload = () => Promise.reject(new Error("busy"));
    await expect(stage.channel.handOver(words("早"))).rejects.toMatchObject({ kind: "retry" });
    expect(stage.people.between("g1", "c1")).toEqual([]);
  });

  test("what waits too long for its turn is not said at all", async () => {
    stage = await openStage({ events, limits: { ...quick, say: 400, turn: 100 } });
    stage.people.mishaps.push("hangs");
    const kinds = await Promise.all(
      ["1", "2"].map((text) =>
        stage.channel.handOver(words(text)).then(
          () => "said",
          (error: ChannelError) => error.kind,
        ),
      ),
    );
    expect(kinds).toEqual(["unknown", "retry"]);
    expect(stage.people.between("g1", "c1")).toEqual([]);
  });

  test("what could not be written down is told again until it can", async () => {
    let failures = 2;
    const failing = async (one: ChatMessage) => {
      if (failures-- > 0) throw new Error("database gone");
      told.push(one);
    };
    stage = await openStage({ events: { ...deaf, message: failing } });
    stage.customers[0]?.say("在吗").to(stage.self);
    await until(() => told.length === 1);
    expect(told).toMatchObject([{ text: "在吗" }]);
  });
});

describe("what goes with the words", () => {
  const words = { ref: "h1", text: "看看这个", externalUserids: ["c1"], guideUserid: "g1" };
  const attachments = everyKind().filter(({ kind }) => kind !== "mini_program");
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ events: deaf, attachments: ["picture", "file", "link"] });
  });
  afterEach(() => stage.channel.close());

  test("goes before them", async () => {
    await stage.channel.handOver({ ...words, attachments });
    const [picture, file, ...texts] = [...stage.mocker.cacheMessagePayload.values()];
    // what the mock knows of a PDF
    expect([picture?.type, file?.type]).toEqual([6, 0]);
    expect(texts.map(({ text }) => text)).toEqual(["[指南]", "[活动]", "看看这个"]);
  });

  test("a send that fails in between is unknown, and nothing more is sent", async () => {
    stage.people.mishaps.push(undefined, undefined, "fails before");
    await expect(stage.channel.handOver({ ...words, attachments })).rejects.toMatchObject({
      kind: "unknown",
    });
    expect(stage.mocker.cacheMessagePayload.size).toBe(2);
  });

  test("words that fail after it are unknown", async () => {
    stage.people.mishaps.push(undefined, "fails before");
    const one = { ...words, attachments: attachments.slice(0, 1) };
    await expect(stage.channel.handOver(one)).rejects.toMatchObject({ kind: "unknown" });
  });
});

test("without a login the start ends in time, and goes on trying", async () => {
  const stage = await openStage({ events: deaf, login: false, limits: { ...quick, login: 30 } });
  expect(stage.channel.isThere()).toBe(false);
  await until(() => stage.made() > 2);
  stage.people.logsIn = true;
  await until(() => stage.channel.isThere());
  expect(stage.channel.isThere()).toBe(true);
  await stage.channel.close();
});
