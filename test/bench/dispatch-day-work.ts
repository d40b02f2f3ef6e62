// The process that does a day's work for the bench, so that its memory is that of the work alone.
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { openDatabase } from "../../src/database.js";
import { keepHeapSmall } from "../../src/infra/memory.js";
import { movableWorld } from "../../src/kernel/world.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { planner } from "../../src/tasks/planner.js";
import { releaseDue } from "../../src/tasks/release.js";
import { corp, monday, standOn, zone } from "../support/task-stand.js";
import { watchMemory } from "./harness.js";
import { perform } from "./remote.js";

const world = movableWorld(monday);
// as the server does
keepHeapSmall();
const memory = watchMemory();
let works: Record<string, () => Promise<unknown>> = {};

perform({
  open: async (url: string, baseUrl: string) => {
    const store = await openDatabase(url);
    const channel = new WecomChannel({ ...corp, baseUrl, archive: false }, memoryTokenStore(), world);
    const { setup, sender } = standOn(store, { channel, world });
    works = {
      planned: () => planner({ store, world, zone }).planDue(),
      released: () => releaseDue(setup),
      "offered and told": () => offerDue(setup),
      "handed over": () => sender.dispatchDue(),
      "read and settled": () => pollOutstanding(setup),
    };
  },
  work: async (what: string, now: number) => {
    world.set(now);
    await works[what]?.();
  },
  peak: () => memory.peak(),
});
