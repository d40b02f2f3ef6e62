// Never twice: the process is killed at every await of the send path; afterwards each customer has the words once.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { projectRoot } from "../../src/infra/config.js";
import { movableWorld } from "../../src/kernel/world.js";
import type { ApiFaultKind } from "../../src/sandbox/faults.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.js";
import type { Exchange } from "../../src/sandbox/settings.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { freshDatabase, kindsHere, type TestDatabase } from "../support/databases.js";
import { corp, enrolCustomer, minute, monday, openShop, planTask, standOn } from "../support/task-stand.js";

const child = join(projectRoot, ".build/test/support/kill-child.js");
const customers = [11, 12, 13];
/** Children at a time, each with a database of its own. */
const LANES = 2;
/** Dying before a read is dying before the change that follows it; GUIDEPOST_TEST_KILLS=all tries both. */
const which = process.env.GUIDEPOST_TEST_KILLS ?? "changes";

/** Runs the child; gives what it printed, undefined when it was killed. */
function run(args: readonly string[], onStart?: (kill: () => void) => void): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [child, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    let said = "";
    started.stdout.on("data", (part) => {
      said += String(part);
    });
    started.on("error", reject);
    started.on("exit", (code, signal) => {
      if (signal === "SIGKILL") resolve(undefined);
      else if (code === 0) resolve(said);
      else reject(new Error(`the child ended with ${code ?? signal}`));
    });
    onStart?.(() => started.kill("SIGKILL"));
  });
}

/** A brand with three tasks due, and a guide who confirms whatever stands in WeCom. */
async function scene(database: TestDatabase, store: Awaited<ReturnType<TestDatabase["open"]>>) {
  const world = movableWorld(monday);
  let heard: ((exchange: Exchange) => void) | undefined;
  const sandbox = await startSandbox({
    ...{ ...corp, token: "QDG6eK", aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" },
    ...{ world, statePath: ":memory:", seed: "kill", receiveLimitPerDay: 100 },
    onExchange: (exchange) => heard?.(exchange),
  });
  const externals = customers.map((id) => ({ externalUserid: `wm-${id}`, name: `客户${id}` }));
  sandbox.enrol({
    guides: [{ userid: "lan", name: "兰" }],
    customers: externals,
    contacts: externals.map(({ externalUserid }) => ({
      ...{ guideUserid: "lan", externalUserid, createdAt: monday - 86_400_000 },
    })),
  });
  const settings = { ...corp, baseUrl: sandbox.url, archive: false, timeout: 1000 };
  const wecom = new WecomChannel(settings, memoryTokenStore(), world);
  const stand = standOn(store, { channel: wecom, world });
  await openShop(store);
  for (const id of customers) await enrolCustomer(store, id);
  for (const id of customers) await planTask(store, id === 13 ? "personal" : "greeting", id);
  await offerDue(stand.setup);
  return {
    ...{ sandbox, stand },
    args: (killAt: number) => [database.url, sandbox.url, String(world.now()), String(killAt), which],
    hear: (hearer: (exchange: Exchange) => void) => {
      heard = hearer;
    },
    close: async () => {
      wecom.close();
      await sandbox.close();
    },
  };
}
type Scene = Awaited<ReturnType<typeof scene>>;

async function confirmAll(sandbox: Sandbox): Promise<void> {
  for (const { msgid, state } of sandbox.phone("lan")?.masses ?? [])
    if (state === "waiting") await sandbox.guideConfirms("lan", msgid);
}

/** Another process takes over: an hour of the schedule, with a guide who taps as soon as there is something to tap. */
async function goOn({ sandbox, stand }: Scene): Promise<void> {
  for (const step of [0, 1, 1, 2, 3, 4, 5, 5, 10, 10, 20]) {
    stand.pass(step * minute);
    await reconcile(stand.setup);
    await stand.sender.dispatchDue();
    await confirmAll(sandbox);
    await pollOutstanding(stand.setup);
  }
}

/** How often each customer got words from the guide. */
function received(sandbox: Sandbox): Record<string, number> {
  const chats = sandbox.phone("lan")?.chats ?? [];
  return Object.fromEntries(
    chats.map(({ externalUserid, messages }) => [
      externalUserid,
      messages.filter(({ from }) => from === "guide").length,
    ]),
  );
}

async function expectOnce(at: string, stage: Scene): Promise<void> {
  await goOn(stage);
  const { sandbox, stand } = stage;
  const deliveries = await stand.store.read.rows("SELECT task_id FROM delivery");
  expect([at, received(sandbox), await stand.states(), deliveries.length]).toEqual([
    ...[at, { "wm-11": 1, "wm-12": 1, "wm-13": 1 }, ["sent", "sent", "sent"], 3],
  ]);
}

describe.each(kindsHere())("killed while sending, on %s", (kind) => {
  const databases: TestDatabase[] = [];
  const stores: Awaited<ReturnType<TestDatabase["open"]>>[] = [];
  beforeAll(async () => {
    for (let lane = 0; lane < LANES; lane++) {
      databases.push(await freshDatabase(kind));
      stores.push((await databases[lane]?.open()) as (typeof stores)[number]);
    }
  });
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  const onStage = async <T>(lane: number, act: (stage: Scene) => Promise<T>): Promise<T> => {
    const stage = await scene(databases[lane] as TestDatabase, stores[lane] as (typeof stores)[number]);
    return act(stage).finally(() => stage.close());
  };

  it("reaches each customer once, wherever it dies", async () => {
    const awaits = Number(await onStage(0, (stage) => run(stage.args(0))));
    expect(awaits).toBeGreaterThan(20);
    const points = Array.from({ length: awaits }, (_, at) => at + 1).values();
    const lane = async (number: number) => {
      for (const killAt of points)
        await onStage(number, async (stage) => {
          expect(await run(stage.args(killAt))).toBeUndefined();
          await expectOnce(`await ${killAt} of ${awaits}`, stage);
        });
    };
    await Promise.all(databases.map((_, number) => lane(number)));
  }, 240_000);

  it("reaches each customer once when the answer was on its way", () =>
    onStage(0, async (stage) => {
      const died = run(stage.args(0), (kill) => {
        stage.hear(({ path }) => {
          if (path === "externalcontact/add_msg_template") kill();
        });
      });
      expect(await died).toBeUndefined();
      await expectOnce("the answer", stage);
    }));

  it.each<ApiFaultKind>([
    ...(["timeout_after", "timeout_before", "reset_after", "reset", "http_500", "busy"] as const),
    ...(["limit", "parallel", "token_expired", "token_invalid"] as const),
  ])("reaches each customer once after the fault %s", (fault) =>
    onStage(0, async (stage) => {
      stage.sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: fault });
      await stage.stand.sender.dispatchDue();
      await expectOnce(fault, stage);
    }),
  );
});
