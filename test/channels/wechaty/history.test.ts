// Looking back over a puppet in memory: what one that keeps its messages tells of a gap and of a send without an answer, and
// that one which keeps none is never taken for one where nothing was said.
import type { ChatMessage } from "../../../src/channels/port.js";
import { type Bot, openBot } from "../../../src/channels/wechaty/bot.js";
import type { Puppet } from "../../../src/channels/wechaty/bot-options.js";
import { Ear } from "../../../src/channels/wechaty/hearing.js";
import { canLookBack, findSaid, outcomesKept, recoverSince } from "../../../src/channels/wechaty/history.js";
import { limitsFrom } from "../../../src/channels/wechaty/limits.js";
import { loadPuppets } from "../../../src/channels/wechaty/puppet.js";
import { Said } from "../../../src/channels/wechaty/said.js";
import { realWorld } from "../../../src/kernel/world.js";
import { until } from "../../support/until.js";
import { type Gateway, People } from "../../support/wechaty/gateway.js";
import { breakLink, openStage, quick, silentLog } from "../../support/wechaty/stage.js";

const noon = Date.UTC(2026, 2, 2, 4);
const minute = 60_000;
const [image, text] = [6, 7];

/** An account whose puppet keeps its messages, logged in; what it keeps is put there by hand, with times of its own. */
async function openAccount() {
  const people = new People();
  const puppet = people.puppet(true);
  const told: ChatMessage[] = [];
  const said = new Said();
  const bot = await openBot({
    ...{ puppet: puppet as unknown as Puppet, log: silentLog, limits: limitsFrom(quick), said },
    now: () => realWorld.now(),
    onMessage: async () => undefined,
    onFriendship: async () => undefined,
    onGone: () => undefined,
  });
  const nothing = async () => undefined;
  const message = async (one: ChatMessage) => {
    told.push(one);
  };
  const ear = new Ear({
    ...{ guideUserid: "lan", said, world: realWorld, log: silentLog },
    events: { guideSaid: nothing, contactAdded: nothing, message },
  });
  let n = 0;
  /** What was said at a minute after noon; gives its id. */
  const keep = (from: string, to: string, at: number, words = "在吗", more: object = {}) => {
    const id = `m${++n}`;
    people.mocker.cacheMessagePayload.set(id, {
      ...{ id, talkerId: from, listenerId: to, text: words, timestamp: noon + at * minute, type: text },
      ...more,
    } as never);
    return id;
  };
  return { people, puppet, bot, ear, said, told, keep };
}

describe("what a puppet keeps", () => {
  let account: Awaited<ReturnType<typeof openAccount>>;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.bot.stop());
  const recover = (since = noon) => recoverSince(account.bot, account.ear, since, true);

  test("is told from the gap's beginning on: once, in order, at its own times; older messages are left alone", async () => {
    const { keep, told } = account;
    keep("c1", "g1", -5, "早就说过");
    keep("c1", "g1", 1, "在吗");
    keep("g1", "c2", 2, "我自己回的");
    keep("c2", "g1", 3, "", { type: image });
    keep("c2", "g1", 4, "群里说的", { roomId: "room@1", listenerId: undefined });
    // the guide's own words are written down; they are no customer's message found again
    expect(await recover()).toEqual({ messages: 2, unheard: [] });
    expect(
      told.map(({ from, externalUserid, text: said, type, at }) => [from, externalUserid, said, type, at]),
    ).toEqual([
      ["customer", "c1", "在吗", "text", noon + minute],
      ["guide", "c2", "我自己回的", "text", noon + 2 * minute],
      ["customer", "c2", "", "image", noon + 3 * minute],
    ]);
    expect(told.every(({ guideUserid, source }) => guideUserid === "lan" && source === "wechaty")).toBe(true);
    expect(await recover()).toEqual({ messages: 0, unheard: [] });
    expect(told).toHaveLength(3);
  });

  test("counts from a moment before the gap: clocks differ, and some count whole seconds", async () => {
    const { keep } = account;
    keep("c1", "g1", 0, "差一点", { timestamp: noon - 1_000 });
    keep("c1", "g1", 0, "太早", { timestamp: noon - 3_000 });
    keep("c1", "g1", 0, "按秒记的", { timestamp: noon / 1000 });
    expect(await recover()).toMatchObject({ messages: 2 });
  });

  test("names the guide's words to the assistant and does none of them; its own lines are no words of the guide's", async () => {
    const { keep, said, told } = account;
    keep("g1", "g1", 1, "发 1");
    await said.during("g1", "今天还有 3 位", async () => "m2");
    keep("g1", "g1", 2, "今天还有 3 位");
    keep("g1", "g1", 3, "跳过 2 太忙");
    expect(await recover()).toEqual({
      messages: 0,
      unheard: [
        { at: noon + minute, text: "发 1" },
        { at: noon + 3 * minute, text: "跳过 2 太忙" },
      ],
    });
    expect(told).toEqual([]);
    expect(await recover()).toMatchObject({ unheard: [] });
  });

  test("is read however much was said in the gap", async () => {
    const { keep } = account;
    for (let n = 0; n < 2_300; n++) keep("c1", "g1", n / 100, `第${n}句`);
    expect(await recover()).toMatchObject({ messages: 2_300 });
  });

  test("is not told in part: a message that cannot be read ends it", async () => {
    const { keep, puppet, told } = account;
    keep("c1", "g1", 1);
    const ids = puppet.messageList();
    puppet.messageList = () => [...ids, "lost"];
    await expect(recover()).rejects.toThrow("lost");
    expect(told).toEqual([]);
  });

  const lost = (more: object = {}) => ({
    ...{ ref: "h1", guideUserid: "g1", externalUserids: ["c1", "c2"], text: "宝宝满月啦", calledAt: noon },
    ...more,
  });

  test.each<[string, [string, string, number, string?][], object, object]>([
    ["nobody got it", [["g1", "c1", 1, "别的话"]], {}, { state: "absent" }],
    ["a customer said the same", [["c1", "g1", 1, "宝宝满月啦"]], {}, { state: "absent" }],
    ["it was said before the call", [["g1", "c1", -1, "宝宝满月啦"]], {}, { state: "absent" }],
    [
      "all got it",
      [
        ["g1", "c1", 1, "宝宝满月啦"],
        ["g1", "c2", 2, "宝宝满月啦"],
      ],
      {},
      { state: "found", providerRef: "m1" },
    ],
    ["some got it", [["g1", "c2", 1, "宝宝满月啦"]], {}, { state: "cannot_tell" }],
    [
      "another hand-over said it",
      [
        ["g1", "c1", 1, "宝宝满月啦"],
        ["g1", "c2", 2, "宝宝满月啦"],
      ],
      { knownRefs: ["m1", "m2"] },
      { state: "absent" },
    ],
  ])("tells of a send without an answer: %s", async (_what, kept, more, found) => {
    for (const [from, to, at, words] of kept) account.keep(from, to, at, words);
    expect(await findSaid(account.bot, lost(more))).toEqual(found);
  });

  test("tells what became of words: all who got them then, or that it knows nothing of them any more", async () => {
    const { keep, bot } = account;
    keep("g1", "c1", -60, "宝宝满月啦");
    const ref = keep("g1", "c1", 1, "宝宝满月啦");
    keep("g1", "c2", 2, "宝宝满月啦");
    const asked = [ref, "forgotten"].map((providerRef, at) => ({
      ...{ ref: `h${at}`, providerRef, guideUserid: "g1" },
    }));
    expect(await outcomesKept(bot, asked)).toEqual([
      {
        ...{ ref: "h0", state: "confirmed", confirmedAt: noon + minute },
        customers: [
          { externalUserid: "c1", result: "sent", at: noon + minute },
          { externalUserid: "c2", result: "sent", at: noon + 2 * minute },
        ],
      },
      { ref: "h1", state: "gone", customers: [] },
    ]);
  });
});

describe("a puppet that keeps nothing", () => {
  test("is known by what it is, not by its empty list", async () => {
    const people = new People();
    const service = await loadPuppets("wechaty-puppet-service", {
      ...{ endpoint: "127.0.0.1:1", token: "insecure_x", tls: { disable: true } },
    });
    const can = (puppet: Gateway) => canLookBack(puppet as unknown as Puppet);
    class Heir extends (people.puppet(true).constructor as typeof Gateway) {}
    expect([can(people.puppet()), can(people.puppet(true)), can(new Heir(new People()))]).toEqual([
      false,
      true,
      true,
    ]);
    expect(canLookBack(service())).toBe(false);
    expect(canLookBack({} as Puppet)).toBe(false);
  });

  test("is asked for nothing, and nothing is what it can tell", async () => {
    const bot = { kept: () => Promise.reject(new Error("asked")) } as unknown as Bot;
    expect(await recoverSince(bot, {} as Ear, noon, false)).toBeNull();
  });

  /** The link breaks, a customer and the guide speak while nobody listens, and the account is back. */
  async function gapOf(keeps: boolean, more: (puppet: Gateway) => void = () => undefined) {
    const nothing = async () => undefined;
    const events = { guideSaid: nothing, message: nothing, contactAdded: nothing };
    const stage = await openStage({ events, keeps });
    stage.people.logsIn = false;
    breakLink(stage.puppet());
    await until(() => !stage.channel.isThere() && stage.made() === 2);
    stage.puppet().removeAllListeners("message");
    stage.customers[0]?.say("在吗").to(stage.self);
    stage.self.say("发 1").to(stage.self);
    more(stage.puppet());
    stage.people.logsIn = true;
    stage.puppet().login(stage.self.id);
    await until(() => stage.gaps.length === 1);
    const found = await stage.channel.find({
      ...{ ref: "h", guideUserid: "g1", externalUserids: ["c1"], text: "早", calledAt: noon },
    });
    const asked = [{ ref: "h", providerRef: "m", guideUserid: "g1" }];
    const [outcome] = await stage.channel.outcomes(asked).catch((error: Error) => [error.message]);
    await stage.channel.close();
    return { gap: stage.gaps[0], found, outcome };
  }

  test("leaves a gap of which nobody can tell, a lost send that only the guide can judge", async () => {
    const { gap, found, outcome } = await gapOf(false);
    expect(gap).toMatchObject({ recovered: null, unheard: null });
    expect(found).toEqual({ state: "cannot_tell" });
    expect(outcome).toEqual({ ref: "h", state: "gone", customers: [] });
  });

  test("differs from one that keeps its messages, and from one that keeps them and cannot be read", async () => {
    const read = await gapOf(true);
    expect(read.gap).toMatchObject({ recovered: 1, unheard: [{ text: "发 1" }] });
    expect(read.found).toEqual({ state: "absent" });
    const unread = await gapOf(true, (puppet) => {
      puppet.messageRawPayload = () => Promise.reject(new Error("busy"));
    });
    expect(unread.gap).toMatchObject({ recovered: null, unheard: null });
    expect(unread.found).toEqual({ state: "cannot_tell" });
    expect(unread.outcome).toContain("busy");
  });
});
