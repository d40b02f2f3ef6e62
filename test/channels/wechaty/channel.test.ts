// The wechaty channel over a mock puppet: what it does for its user because wechaty does not.
import type { ChannelEvents, ChatMessage } from "../../../src/channels/port.js";
import { ChannelError } from "../../../src/channels/port.js";
import { openBot } from "../../../src/channels/wechaty/bot.js";
import { realWorld } from "../../../src/kernel/world.js";
import { until } from "../../support/until.js";
import { describeChannel } from "../contract.js";
import { openStage, type Stage } from "./mock.js";

const deaf: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded"> = {
  guideSaid: async () => undefined,
  message: async () => undefined,
  contactAdded: async () => undefined,
};

describeChannel("wechaty", async () => {
  const { channel, mocker, puppet, self } = await openStage({ events: deaf });
  const toSelf = (payload: object) =>
    "listenerId" in payload &&
    payload.listenerId === self.id &&
    "talkerId" in payload &&
    payload.talkerId === self.id;
  return {
    ...{ channel, guide: "g1", nobody: "g2", now: () => realWorld.now(), pass: () => undefined },
    customers: ["c1", "c2"],
    notes: () => [...mocker.cacheMessagePayload.values()].filter(toSelf).length,
    lastNote: () => [...mocker.cacheMessagePayload.values()].filter(toSelf).at(-1)?.text ?? "nothing",
    loseAnswer: (when: "before" | "after") => puppet.mishaps.push(`fails ${when}`),
    close: async () => {
      await channel.close();
      mocker.stop();
    },
  };
});

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
      stage.puppet.mishaps.push(mishap);
      expect(await kindOf(stage.channel.handOver(followUp("h1", "早")))).toBe("unknown");
      await new Promise((done) => setTimeout(done, 20));
      expect(heard.length).toBe(mishap === "fails after" ? 1 : 0);
      // the account goes on
      expect(await kindOf(stage.channel.handOver(followUp("h2", "晚")))).toBe("no error");
    },
  );

  test("once one customer has the words, a failure is no reason to say them again", async () => {
    stage.puppet.mishaps.push(...([undefined, "fails before"] as never[]));
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
    failing.puppet.emit("message", { messageId: "nothing" });
    failing.customers[0]?.say("在吗").to(failing.self);
    await new Promise((done) => setTimeout(done, 30));
    expect(await failing.channel.tellGuide("g1", { kind: "text", text: "早" })).toBe(true);
    await failing.channel.close();
  });

  test("logged out: nothing is handed over, and that is for operations", async () => {
    stage.puppet.logout();
    await until(() => !stage.puppet.isLoggedIn);
    expect(await kindOf(stage.channel.handOver(followUp("h1", "早")))).toBe("operations");
    expect(await stage.channel.tellGuide("g1", { kind: "text", text: "早" })).toBe(false);
  });
});

test("without a login the start ends in time; without a puppet it does not begin", async () => {
  const waiting = openStage({ events: deaf, loginTimeout: 30 }, false);
  await expect(waiting).rejects.toMatchObject({ kind: "operations" });
  const none = openBot({ puppet: undefined } as unknown as Parameters<typeof openBot>[0]);
  await expect(none).rejects.toMatchObject({ kind: "operations" });
});
