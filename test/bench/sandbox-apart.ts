// The sandbox in a process of its own: it keeps its state and its sockets while servers beside it are killed.
import { movableWorld } from "../../src/kernel/world.js";
import type { Fault } from "../../src/sandbox/faults.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { perform } from "./remote.js";

const world = movableWorld(0, 17);
let sandbox: Sandbox;

perform({
  open: async (options: Omit<SandboxOptions, "world">, now: number) => {
    world.set(now);
    sandbox = await startSandbox({ ...options, world });
    return sandbox.url;
  },
  clock: (now: number) => world.set(now),
  enrol: (all: Parameters<Sandbox["enrol"]>[0]) => sandbox.enrol(all),
  connect: (to: Parameters<Sandbox["connect"]>[0]) => sandbox.connect(to),
  fault: (fault: Fault) => sandbox.faults.add(fault),
  clearFaults: () => sandbox.faults.clear(),
  contactAdded: (contact: Parameters<Sandbox["contactAdded"]>[0]) => sandbox.contactAdded(contact),
  step: (until: number) => sandbox.step(until),
  confirm: (taps: Parameters<Sandbox["guidesConfirm"]>[0]) => sandbox.guidesConfirm(taps),
});
