// What every channel must do, whatever chat system stands behind it: one suite, run for each of them.
import {
  type Channel,
  ChannelError,
  type ChatMessage,
  type FollowUp,
  type LostHandOver,
} from "../../src/channels/port.js";
import { everyKind, fileOf } from "../support/attachments.js";
import { until } from "../support/until.js";

/** A channel with somebody at the other end of it. */
export interface Rehearsal {
  channel: Channel;
  /** a guide who can be reached */
  guide: string;
  /** two customers who are the guide's contacts */
  customers: [string, string];
  /** a guide who cannot be reached, where the channel can tell */
  nobody?: string;
  now(): number;
  /** lets time pass, in ms */
  pass(ms: number): void | Promise<void>;
  /** the guide confirms a hand-over in the chat system; channels that confirm there */
  confirm?(providerRef: string): void | Promise<void>;
  /** the next hand-over's call gets no answer: before it took effect, or after */
  loseAnswer?(when: "before" | "after"): void;
  /** how many notes the guide was shown */
  notes(): number;
  /** the last of them: its text, or "a picture" */
  lastNote?(): string;
  /** texts a customer got from the guide, as the chat system counts them */
  reached(customer: string): string[] | Promise<string[]>;
  /** a customer writes to the guide; channels that hear customers by themselves */
  customerSays?(customer: string, text: string): void | Promise<void>;
  /** what the channel told of customers */
  heard?: readonly ChatMessage[];
  /** The chat system goes away and comes back; resolves when it is back, whether or not the channel has noticed. */
  interrupt?(): void | Promise<void>;
  close(): void | Promise<void>;
}

const minute = 60_000;

/** Runs the suite against fresh rehearsals. */
export function describeChannel(name: string, open: () => Promise<Rehearsal>): void {
  describe(`${name} as a channel`, () => {
    let stage: Rehearsal;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());

    describeNotes(() => stage);
    describeHandOver(() => stage);
    describeStop(() => stage);
    describeLost(() => stage);
    describeAttachments(() => stage);
    describeHearing(() => stage);
    describeInterruption(() => stage);
  });
}

function describeNotes(at: () => Rehearsal): void {
  const card = {
    kind: "card",
    cardId: "card-2026_03@1",
    title: "今日任务",
    description: "3 位客户等您跟进",
    lines: [{ label: "今日", value: "3 位" }],
    url: "https://example.com/today",
    buttons: [],
  } as const;

  test("a text and a card reach the guide", async () => {
    const { channel, guide } = at();
    expect(await channel.tellGuide(guide, { kind: "text", text: "早上好" })).toBe(true);
    expect(await channel.tellGuide(guide, { ...card, lines: [...card.lines], buttons: [] })).toBe(true);
    expect(at().notes()).toBe(2);
  });

  test("a picture is shown, or its words are where none can be", async () => {
    const { channel, guide } = at();
    const file = fileOf();
    expect(await channel.tellGuide(guide, { kind: "picture", file, text: "完成率 88%" })).toBe(true);
    expect(at().notes()).toBe(1);
    if (!at().lastNote) return;
    expect(at().lastNote?.()).toBe(channel.promises.pictures ? "a picture" : "完成率 88%");
  });

  test("nobody is not told anything, and that is said", async () => {
    const { channel, nobody } = at();
    if (!nobody) return;
    expect(await channel.tellGuide(nobody, { kind: "text", text: "早上好" })).toBe(false);
  });
}

function describeHandOver(at: () => Rehearsal): void {
  test("words are with the customer at once, or when the guide confirms, as promised", async () => {
    const { channel, customers, guide } = at();
    const handed = await channel.handOver(followUp(at(), "h1", "宝宝满月啦，最近睡得好吗？"));
    expect(handed.refused).toEqual([]);
    expect(handed.delivered).toBe(!channel.promises.confirmsThere);
    const words = handed.delivered ? ["宝宝满月啦，最近睡得好吗？"] : [];
    for (const customer of customers) expect(await at().reached(customer)).toEqual(words);
    await at().pass(minute);
    const outstanding = { ref: "h1", providerRef: handed.providerRef, guideUserid: guide };
    if (channel.promises.confirmsThere) {
      const [waiting] = await channel.outcomes([outstanding]);
      expect(waiting).toMatchObject({ ref: "h1", state: "waiting" });
      await at().confirm?.(handed.providerRef);
    }
    const [outcome] = await channel.outcomes([outstanding]);
    for (const customer of customers)
      expect(await at().reached(customer)).toEqual(["宝宝满月啦，最近睡得好吗？"]);
    if (!channel.promises.provesDelivery) {
      expect(channel.promises.reconciles ? ["confirmed", "gone"] : ["gone"]).toContain(outcome?.state);
      return;
    }
    expect(outcome).toMatchObject({ ref: "h1", state: "confirmed" });
    const results = outcome?.customers.map(({ externalUserid, result }) => [externalUserid, result]).sort();
    expect(results).toEqual(customers.map((customer) => [customer, "sent"]).sort());
    if (outcome?.confirmedAt !== undefined)
      expect(Math.abs(outcome.confirmedAt - at().now())).toBeLessThanOrEqual(minute);
  });

  test("a hand-over it never made is no longer known, or waiting: never confirmed", async () => {
    const outcomes = await at().channel.outcomes([
      { ref: "h0", providerRef: "nothing", guideUserid: at().guide },
    ]);
    expect(outcomes).toHaveLength(1);
    expect(["gone", "waiting"]).toContain(outcomes[0]?.state);
  });

  test("outcomes come back in the order asked for", async () => {
    const refs = ["h1", "h2", "h3"];
    const asked = [];
    for (const ref of refs) {
      const { providerRef } = await at().channel.handOver(followUp(at(), ref, `第 ${ref} 条`));
      asked.push({ ref, providerRef, guideUserid: at().guide });
    }
    await at().pass(minute);
    expect((await at().channel.outcomes(asked)).map((outcome) => outcome.ref)).toEqual(refs);
    expect(await at().channel.outcomes([])).toEqual([]);
  });

  test.each([
    ["no words", { text: " " }],
    ["no customers", { externalUserids: [] }],
  ])("a follow-up with %s is refused for good", async (_name, change) => {
    const error = await at()
      .channel.handOver({ ...followUp(at(), "h1", "你好"), ...change })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChannelError);
    expect((error as ChannelError).kind).toBe("fix");
  });

  test("the guide can be reminded", async () => {
    if (!at().channel.promises.confirmsThere) return;
    const { providerRef } = await at().channel.handOver(followUp(at(), "h1", "你好"));
    await at().pass(minute);
    await at().channel.remind({ ref: "h1", providerRef, guideUserid: at().guide });
  });
}

function describeStop(at: () => Rehearsal): void {
  test("what is stopped stays unsent, and stopping twice is no error", async () => {
    const { channel, guide } = at();
    if (!channel.promises.stops) return;
    const { providerRef } = await channel.handOver(followUp(at(), "h1", "你好"));
    const handOver = { ref: "h1", providerRef, guideUserid: guide };
    await at().pass(minute);
    await channel.stop(handOver);
    await channel.stop(handOver);
    await at().confirm?.(providerRef);
    expect(await channel.outcomes([handOver])).toEqual([{ ref: "h1", state: "stopped", customers: [] }]);
  });

  test("what was sent stays sent", async () => {
    const { channel, guide } = at();
    if (!channel.promises.stops) return;
    const { providerRef } = await channel.handOver(followUp(at(), "h1", "你好"));
    const handOver = { ref: "h1", providerRef, guideUserid: guide };
    await at().pass(minute);
    await at().confirm?.(providerRef);
    await channel.stop(handOver);
    const [outcome] = await channel.outcomes([handOver]);
    expect(outcome?.state).toBe("confirmed");
    expect(outcome?.customers.every((customer) => customer.result === "sent")).toBe(true);
  });
}

function describeLost(at: () => Rehearsal): void {
  const words = "周末来店里坐坐吧";
  const counts = async () =>
    Promise.all(at().customers.map(async (customer) => (await at().reached(customer)).length));

  async function lose(when: "before" | "after"): Promise<LostHandOver> {
    at().loseAnswer?.(when);
    // who says words one by one stops at the first that fails
    const [first] = at().customers;
    const one = at().channel.atOnce === 1 ? { externalUserids: [first] } : {};
    const lost = { ...followUp(at(), "h1", words), ...one, calledAt: at().now() };
    const error = await at()
      .channel.handOver(lost)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChannelError);
    expect((error as ChannelError).kind).toBe("unknown");
    await at().pass(5 * minute);
    return lost;
  }

  test("a call without answer that took no effect: absent, and it can be made again", async () => {
    if (!at().loseAnswer) return;
    const lost = await lose("before");
    const state = at().channel.promises.reconciles ? "absent" : "cannot_tell";
    expect(await at().channel.find(lost)).toEqual({ state });
    expect(await counts()).toEqual([0, 0]);
  });

  test("a call without answer that took effect: found, and the same as one that was answered", async () => {
    if (!at().loseAnswer) return;
    const lost = await lose("after");
    const before = await counts();
    const found = await at().channel.find(lost);
    if (!at().channel.promises.reconciles) {
      expect(found).toEqual({ state: "cannot_tell" });
      // asking repeats nothing
      expect(await counts()).toEqual(before);
      return;
    }
    if (found.state !== "found") throw new Error(`not found but ${found.state}`);
    await at().confirm?.(found.providerRef);
    const handOver = { ref: "h1", providerRef: found.providerRef, guideUserid: at().guide };
    expect(await at().channel.outcomes([handOver])).toMatchObject([{ ref: "h1", state: "confirmed" }]);
  });

  test("what we know already is not taken for the lost one", async () => {
    if (!at().loseAnswer || !at().channel.promises.reconciles) return;
    const { providerRef } = await at().channel.handOver(followUp(at(), "h0", words));
    const lost = await lose("before");
    expect(await at().channel.find({ ...lost, knownRefs: [providerRef] })).toEqual({ state: "absent" });
  });
}

function describeAttachments(at: () => Rehearsal): void {
  test("what it declares it takes along is taken; words never go without what belongs to them", async () => {
    const { channel, customers } = at();
    for (const one of everyKind()) {
      const handing = channel.handOver({
        ...{ ...followUp(at(), "h1", `看看这个${one.kind}`), externalUserids: [customers[0]] },
        attachments: [one],
      });
      if (channel.promises.attachments.includes(one.kind)) expect((await handing).refused).toEqual([]);
      else await expect(handing).rejects.toMatchObject({ kind: "fix" });
    }
    const refused = (await at().reached(customers[0])).filter((text) =>
      everyKind().some(
        ({ kind }) => text.endsWith(`个${kind}`) && !channel.promises.attachments.includes(kind),
      ),
    );
    expect(refused).toEqual([]);
  });
}

function describeHearing(at: () => Rehearsal): void {
  test("what a customer says is told once, as theirs", async () => {
    const { channel, customers, guide, customerSays, heard } = at();
    if (!channel.promises.hearsCustomers || !customerSays || !heard) return;
    await customerSays(customers[0], "谢谢，宝宝很好");
    const theirs = () => heard.filter(({ from }) => from === "customer");
    await until(() => theirs().length > 0);
    expect(theirs()).toMatchObject([
      { guideUserid: guide, externalUserid: customers[0], text: "谢谢，宝宝很好", type: "text" },
    ]);
  });
}

function describeInterruption(at: () => Rehearsal): void {
  test("the chat system goes away and comes back: the channel goes on, and nothing is said twice", async () => {
    const { channel, customers, interrupt } = at();
    if (!interrupt) return;
    await channel.handOver(followUp(at(), "h1", "第一条"));
    await interrupt();
    await until(() => channel.isThere?.() !== false && second(at()));
    await channel.tellGuide(at().guide, { kind: "text", text: "又连上了" });
    if (channel.promises.confirmsThere) return;
    for (const customer of customers) expect(await at().reached(customer)).toEqual(["第一条", "第二条"]);
  });
}

/** Hands the second words over; false when they surely did not leave, to be tried again. */
async function second(stage: Rehearsal): Promise<boolean> {
  const { channel } = stage;
  const words = { ...followUp(stage, "h2", "第二条"), calledAt: stage.now() };
  try {
    await channel.handOver(words);
    return true;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.kind === "retry" || error.kind === "operations") return false;
    if (error.kind !== "unknown" || !channel.promises.reconciles) throw error;
    await stage.pass(5 * minute);
    const { state } = await channel.find(words);
    if (state === "cannot_tell") throw error;
    return state === "found";
  }
}

function followUp(stage: Rehearsal, ref: string, text: string): FollowUp {
  return { ref, guideUserid: stage.guide, externalUserids: [...stage.customers], text };
}
