// A small brand lives some days over a server that may be killed at any step, with a sandbox beside it that never is.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DayEvents, eventsOf } from "../../../src/demo/day-events.js";
import { type CrmPush, crmPush } from "../../../src/demo/push.js";
import type { Store } from "../../../src/infra/store.js";
import { addDays, instantOf, type ShopDay } from "../../../src/kernel/calendar.js";
import type { Brand } from "../../../src/sandbox/brand-tables.js";
import type { Fault } from "../../../src/sandbox/faults.js";
import { settings } from "../../support/settings.js";
import { corp, zone } from "../../support/task-stand.js";
import { Gone, type Remote, startRemote } from "../remote.js";
import { type Faults, type Figures, faultsOf, figuresOf } from "./figures.js";
import { type Front, startFront } from "./front.js";
import { minutely, type Phase, phases } from "./phases.js";

/** When a server is killed: at its n-th step in a phase, or so many ms after that. */
export interface Kill {
  point: number;
  after: number;
}

export interface RunParts {
  url: string;
  store: Store;
  brand: Brand;
  from: ShopDay;
  days: number;
  /** by `slotOf` */
  kills: ReadonlyMap<string, Kill>;
  /** what goes wrong in the sandbox, by `slotOf` */
  faults: ReadonlyMap<string, readonly Fault[]>;
  progress(text: string): void;
}

/** What a run was like. */
export interface Lived {
  figures: Figures;
  faults: Faults;
  /** steps towards the database, by `slotOf` */
  points: Map<string, number>;
  /** kills inside a phase, and kills of a server that had just finished it */
  inside: number;
  after: number;
  /** tasks in state unknown: at most at a time, and at the end */
  unknownAtMost: number;
  unknownLeft: number;
  /** calls of which no answer was written down */
  lostCalls: number;
}

/** A phase of a day. */
export const slotOf = (day: ShopDay, phase: Phase) => `${day} ${phase.time} ${phase.aim}`;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Minutes given to find out what became of what a kill left open. */
const PATIENCE = 45;
const AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

/** Lives the days and reads what they left. */
export async function live(parts: RunParts): Promise<Lived> {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-kills-"));
  const run = new Run(parts, folder, await startFront());
  try {
    await run.open();
    for (let at = 0; at < parts.days; at++) await run.day(addDays(parts.from, at));
    const figures = await figuresOf(parts.store, run.sandboxFile);
    return { ...run.lived, figures, faults: await faultsOf(parts.store, run.sandboxFile) };
  } finally {
    await run.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly sandboxFile: string;
  readonly lived = {
    ...{ points: new Map<string, number>(), inside: 0, after: 0 },
    ...{ unknownAtMost: 0, unknownLeft: 0, lostCalls: 0 },
  };
  readonly #sandbox: Remote = startRemote("sandbox-apart.js");
  #server: Remote = startRemote("kills/server.js");
  /** its modules are loaded, so that it can take over at once */
  #spare: Remote = startRemote("kills/server.js");
  #settings: unknown;
  #push: CrmPush | undefined;
  #now = 0;

  constructor(
    private readonly parts: RunParts,
    private readonly folder: string,
    private readonly front: Front,
  ) {
    this.sandboxFile = join(folder, "sandbox.sqlite");
  }

  /** Starts everything and loads the brand as it was on the eve. */
  async open(): Promise<void> {
    const { from, brand, url } = this.parts;
    this.#now = instantOf(from, "00:01", zone);
    const { corpid, secret, agentid } = corp;
    const keys = { corpid, secret, agentid, token: "QDG6eK", aesKey: AES_KEY };
    const options = {
      ...{ ...keys, seed: "kills", statePath: this.sandboxFile, noticesEvery: 60 * MINUTE },
      limits: { perMinute: 1e9, perHour: 1e9 },
      // the front holds a callback until a server is there
      callbackTimeout: 60_000,
    };
    const base = await this.#sandbox.call<string>("open", options, this.#now);
    const wecom = { base_url: base, corpid, secret, agentid, token: keys.token, aes_key: AES_KEY };
    this.#settings = { ...settings(this.folder), database_url: url, channel: "wecom", wecom };
    await this.#openServer();
    const eve = addDays(from, -1);
    const { apiKey, enrolment } = await this.#server.call<{ apiKey: string; enrolment: object }>(
      ...(["load", brand, join(this.folder, "brand"), eve] as const),
    );
    await this.#sandbox.call("enrol", enrolment);
    const intake = { url: `${this.front.url}/api/intake/messages`, key: apiKey };
    await this.#sandbox.call("connect", { callbackUrl: `${this.front.url}/wecom/callback`, intake });
    this.#push = crmPush(this.front.url, apiKey, brand);
  }

  async close(): Promise<void> {
    this.#push?.close();
    await Promise.all([this.#server.kill(), this.#spare.kill(), this.#sandbox.kill(), this.front.close()]);
  }

  async day(day: ShopDay): Promise<void> {
    const events = eventsOf(this.parts.brand, day, zone);
    await this.#sandbox.call("clearFaults");
    for (const phase of phases) await this.#phase(day, phase, events);
    const { points, ...sums } = this.lived;
    this.parts.progress(`${day} ${JSON.stringify(sums)}`);
    void points;
  }

  async #phase(day: ShopDay, phase: Phase, events: DayEvents): Promise<void> {
    const slot = slotOf(day, phase);
    const kill = this.parts.kills.get(slot);
    await this.#clock(Math.max(instantOf(day, phase.time, zone), this.#now + SECOND));
    for (const fault of this.parts.faults.get(slot) ?? []) await this.#sandbox.call("fault", fault);
    let killed: Promise<void> | undefined;
    await this.#server.call("begin", this.#now, kill?.point ?? 0);
    if (kill) this.#server.heard = () => (killed ??= sleep(kill.after).then(() => this.#kill()));
    await this.#act(day, phase, events);
    if (!killed) this.lived.points.set(slot, await this.#server.call<number>("points"));
    if (kill && !killed) this.lived.after++;
    else if (kill) this.lived.inside++;
    if (kill) {
      await (killed ?? this.#kill());
      await this.#count();
      await this.#clock(this.#now + 10 * SECOND);
      await this.#server.call("begin", this.#now, 0);
      await this.#server.call("wake");
    }
    if (!kill && phase.goesOn) return;
    const minutes = await this.#settle();
    if (minutes > 5) this.parts.progress(`${slot}: ${minutes} minutes until nothing was open`);
  }

  /** Does what the phase is for; a server that dies of it is no fault. */
  async #act(day: ShopDay, { jobs, aim }: Phase, events: DayEvents): Promise<void> {
    try {
      if (jobs) await this.#server.call("run", jobs);
      else if (aim === "push") await this.#tell(day, events);
      else {
        for (const contact of events.contactsBefore(this.#now))
          await this.#sandbox.call("contactAdded", contact);
        await this.#sandbox.call("step", this.#now);
        await this.#server.call("run", ["callbacks"]);
      }
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
    }
  }

  /** What the CRM knows by now. */
  async #tell(day: ShopDay, events: DayEvents): Promise<void> {
    await this.#push?.people(events.joined, day);
    await this.#push?.people(events.born, day);
    await this.#push?.orders(events.orders);
  }

  /** The minutes that follow, until nothing is left open. */
  async #settle(): Promise<number> {
    for (let minute = 1; minute <= PATIENCE; minute++) {
      await this.#clock(Math.ceil((this.#now + SECOND) / MINUTE) * MINUTE);
      await this.#server.call("begin", this.#now, 0);
      await this.#server.call("run", minutely);
      if (!(await this.#isOpen())) return minute;
    }
    return PATIENCE;
  }

  async #isOpen(): Promise<boolean> {
    const soon = this.#now + 16 * MINUTE;
    const row = await this.parts.store.read.row<{ calls: number; pushes: number; lists: number }>(
      `SELECT (SELECT COUNT(*) FROM hand_over WHERE state IN ('creating', 'unknown', 'stopping')
                 OR (state = 'ready' AND next_at <= ?)) AS calls,
         (SELECT COUNT(*) FROM callback WHERE state = 'stored') AS pushes,
         (SELECT COUNT(*) FROM guide_day WHERE state = 'listed') AS lists`,
      [soon],
    );
    await this.#count();
    return Number(row?.calls) + Number(row?.pushes) + Number(row?.lists) > 0;
  }

  async #count(): Promise<void> {
    const row = await this.parts.store.read.row<{ unknown: number; lost: number }>(
      `SELECT (SELECT COUNT(*) FROM task WHERE state = 'unknown') AS unknown,
         (SELECT COUNT(DISTINCT task_id) FROM task_event WHERE to_state = 'unknown') AS lost`,
    );
    this.lived.unknownLeft = Number(row?.unknown);
    this.lived.unknownAtMost = Math.max(this.lived.unknownAtMost, this.lived.unknownLeft);
    this.lived.lostCalls = Number(row?.lost);
  }

  async #clock(now: number): Promise<void> {
    this.#now = now;
    await this.#sandbox.call("clock", now);
  }

  /** Kills the server; the spare takes over what the front holds. */
  async #kill(): Promise<void> {
    await this.#server.kill();
    this.#server = this.#spare;
    this.#spare = startRemote("kills/server.js");
    await this.#openServer();
  }

  async #openServer(): Promise<void> {
    this.front.to(await this.#server.call<number>("open", this.#settings, this.#now));
  }
}
