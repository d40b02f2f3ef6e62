// A sandbox with two guides and their customers, for tests: the clock stands until it is moved.
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.js";
import type { Exchange, SandboxOptions } from "../../src/sandbox/settings.js";
import { sandboxFaults } from "../channels/wecom/traffic.js";

/** Monday 2 March 2026, 09:00 in Beijing. */
export const monday = Date.UTC(2026, 2, 2, 1);

export const app = {
  corpid: "ww5823bf96d3bd56c7",
  secret: "app-secret",
  agentid: 1000002,
  token: "QDG6eK",
  aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
};

export interface OpenSandbox {
  sandbox: Sandbox;
  world: MovableWorld;
}

/** What the sandbox did in the running test that the documents do not allow; every test ends by looking here. */
const faults: string[] = [];
afterEach(() => {
  expect(faults.splice(0)).toEqual([]);
});

/** Adds what another recorder found. */
export function note(found: readonly string[]): void {
  faults.push(...found);
}

/** lan has wm-1 … wm-5, mei has wm-6; unseen is out of the app's sight, inside has no right to external contacts. */
export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<OpenSandbox> {
  const world = movableWorld(monday);
  const onExchange = (exchange: Exchange): void => {
    faults.push(...sandboxFaults(exchange));
    options.onExchange?.(exchange);
  };
  const settings = { ...app, world, statePath: ":memory:", seed: "test", ...options, onExchange };
  const sandbox = await startSandbox(settings);
  const customers = ["wm-1", "wm-2", "wm-3", "wm-4", "wm-5", "wm-6"];
  sandbox.enrol({
    guides: [
      { userid: "lan", name: "兰" },
      { userid: "mei", name: "梅" },
      { userid: "unseen", name: "隐", visible: false },
      { userid: "inside", name: "内", external: false },
    ],
    customers: customers.map((externalUserid) => ({ externalUserid, name: `客户${externalUserid}` })),
    contacts: customers.map((externalUserid) => ({
      guideUserid: externalUserid === "wm-6" ? "mei" : "lan",
      externalUserid,
      createdAt: monday - 90 * 86_400_000,
    })),
  });
  return { sandbox, world };
}
