// The sandbox as people live in it: a run that faults cannot change, restarts, and no silence.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.js";
import { type Closing, listen, stageWith } from "./ear.js";
import { app, monday } from "./open.js";

const hour = 3_600_000;
const open: Closing[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Plays three days: every morning a message to each customer, an hour a step; gives what the archive has. */
async function play(faulty: boolean): Promise<{ said: string[]; heard: number }> {
  const ear = await listen(open);
  const { sandbox, channel, world } = await stageWith(open, ear, {
    seed: "play",
    temperament: { replyShare: 0.9 },
  });
  for (let at = 0; at < 72; at++) {
    if (at % 24 === 0) {
      for (const customer of ["wm-1", "wm-2", "wm-3", "wm-4", "wm-5", "wm-6"]) {
        const guideUserid = customer === "wm-6" ? "mei" : "lan";
        const text = `第 ${at / 24} 天，宝宝睡得好吗`;
        const followUp = { ref: customer, guideUserid, externalUserids: [customer], text };
        if (faulty)
          sandbox.faults.add({
            path: "externalcontact/add_msg_template",
            kind: at === 24 ? "busy" : "token_expired",
          });
        await channel.handOver(followUp).catch(() => channel.handOver(followUp));
      }
    }
    world.set(monday + (at + 1) * hour);
    await sandbox.step(world.now());
  }
  const said = sandbox.archive().records.map((record) => JSON.stringify({ ...record, msgid: "" }));
  return { said: said.sort(), heard: ear.records.length };
}

test("a run with faults and one without end alike", async () => {
  const plain = await play(false);
  const faulty = await play(true);
  expect(plain.said.length).toBeGreaterThan(18);
  expect(plain.heard).toBe(plain.said.length);
  expect(faulty).toEqual(plain);
});

test("a restart forgets nothing: token, tasks, phones, what is still to come", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  open.push({ close: () => rmSync(folder, { recursive: true }) });
  const ear = await listen(open);
  const world = movableWorld(monday);
  const options = {
    ...app,
    world,
    statePath: join(folder, "state.db"),
    seed: "r",
    temperament: { replyShare: 5 },
  };
  const tokens = memoryTokenStore();
  const first = await startSandbox(options);
  first.enrol({
    guides: [{ userid: "lan", name: "兰", skill: 1 }],
    customers: [{ externalUserid: "wm-1", name: "某" }],
    contacts: [{ guideUserid: "lan", externalUserid: "wm-1", createdAt: monday }],
  });
  const { providerRef } = await adapter(first, tokens, world).handOver({
    ref: "h1",
    guideUserid: "lan",
    externalUserids: ["wm-1"],
    text: "你好",
  });
  await first.close();
  const second = await startSandbox({ ...options, intake: { url: `${ear.url}/intake`, key: "key" } });
  open.push(second);
  world.set(monday + 7 * 24 * hour);
  const { acts } = await second.step(world.now());
  expect(acts).toBeGreaterThanOrEqual(2);
  expect(second.phone("lan")?.masses).toMatchObject([{ msgid: providerRef, state: "confirmed" }]);
  expect(ear.records[0]).toMatchObject({ from: "lan", tolist: ["wm-1"] });
  const [outcome] = await adapter(second, tokens, world).outcomes([
    { ref: "h1", providerRef, guideUserid: "lan" },
  ]);
  expect(outcome?.state).toBe("confirmed");
});

function adapter(
  sandbox: Sandbox,
  tokens: ReturnType<typeof memoryTokenStore>,
  world: { now(): number },
): WecomChannel {
  const channel = new WecomChannel({ ...app, baseUrl: sandbox.url, archive: true }, tokens, world);
  open.push(channel);
  return channel;
}

test("silence is broken once a minute when asked for", async () => {
  const ear = await listen(open);
  const { sandbox, world } = await stageWith(open, ear);
  sandbox.neverQuiet(60_000);
  for (let minute = 1; minute <= 10; minute++) {
    world.set(monday + minute * 60_000);
    await sandbox.step(world.now());
  }
  expect(ear.records.length).toBeGreaterThanOrEqual(9);
});
