// The demo: a sandbox in place of WeCom, a brand with a past, and people who go on living while the server runs.
import { join } from "node:path";
import cliProgress from "cli-progress";
import type { DemoDoor } from "../identity/routes.js";
import { type Config, resolveFromRoot } from "../infra/config.js";
import { addDays, instantOf, shopDayOf } from "../kernel/calendar.js";
import { realWorld } from "../kernel/world.js";
import { makeBrand, PLAY_DAYS } from "../sandbox/brand.js";
import type { Brand } from "../sandbox/brand-tables.js";
import type { Services } from "../wire.js";
import { type DemoWorld, demoWorld } from "./clock.js";
import { demoLogins, loadDemo } from "./load.js";
import { workOnPages } from "./page-guides.js";
import { firstDay, play } from "./play.js";
import { crmPush } from "./push.js";
import { type DistantSandbox, startDistantSandbox } from "./sandbox-thread.js";
import { type DemoSettings, demoSettings, keepSettings } from "./settings.js";
import { workOfHeadquarters } from "./showcase.js";

/** Somebody acts at least this often while the server runs. */
const NEVER_QUIET = 40_000;
const TICK = 10_000;

/** A played day's calls fall into a few of its minutes. */
const MANY = {
  ...{ per_minute: 1_000_000, per_hour: 1_000_000, member_per_minute: 1_000, member_per_hour: 10_000 },
  app_messages_per_day: 0,
};

/** The demo before the services exist: they need its world, its corp and the sandbox's address. */
export interface Demo extends DemoDoor {
  world: DemoWorld;
  config: Config;
  sandbox: DistantSandbox;
  /** Loads and plays what was not yet, then lets people live on. `url` is where our server answers; `loaded` is called
   *  once the brand is there and people may come in. */
  run(services: Services, url: string, loaded: () => void): Promise<void>;
  /** Ends the play or the people's life; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** Starts the sandbox and points the settings at it. */
export async function openDemo(config: Config): Promise<Demo> {
  const folder = resolveFromRoot(config.data_dir);
  const file = join(folder, "demo.json");
  const settings = demoSettings(file, shopDayOf(realWorld.now(), config.zone));
  const world = demoWorld(settings.seed);
  const brand = makeBrand(settings.seed, settings.today);
  const { corpid, secret, agentid, token, aesKey } = settings;
  const sandbox = await startDistantSandbox({
    options: {
      ...{ corpid, secret, agentid, token, aesKey, seed: String(settings.seed) },
      statePath: join(folder, "sandbox.sqlite"),
      limits: { perMinute: MANY.per_minute, perHour: MANY.per_hour },
    },
    ...{ clock: world.clock, chance: settings.seed },
  });
  const pointed: Config = {
    ...config,
    wecom: {
      ...loginsOf(sandbox.url),
      base_url: sandbox.url,
      corpid,
      secret,
      agentid,
      token,
      aes_key: aesKey,
    },
    wecom_limits: MANY,
    // whoever looks at the demo in the evening finds a shop that is open
    day: { ...config.day, quiet_from: "00:00", quiet_to: "00:00" },
  };
  const life = lifeOf({ file, folder, settings, world, brand, sandbox, config: pointed });
  return { world, config: pointed, logins: demoLogins(brand), sandbox, ...life };
}

/** Where browsers log in at the sandbox. */
function loginsOf(url: string): { oauth_url: string; login_url: string } {
  return { oauth_url: `${url}/connect/oauth2/authorize`, login_url: `${url}/wwlogin/sso/login` };
}

interface LifeParts {
  file: string;
  folder: string;
  settings: DemoSettings;
  world: DemoWorld;
  brand: Brand;
  sandbox: DistantSandbox;
  config: Config;
}

function lifeOf(parts: LifeParts): Pick<Demo, "run" | "stop" | "past"> {
  const { world, sandbox, file } = parts;
  let { settings } = parts;
  let stopping = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let past: { done: number; of: number } | undefined;
  const keep = (change: Partial<DemoSettings>) => {
    settings = keepSettings(file, { ...settings, ...change });
  };
  const live = async (services: Services) => {
    await sandbox.step(world.now());
    const today = shopDayOf(world.now(), parts.config.zone);
    await workOnPages(pageGuides(parts, services), [addDays(today, -1), today], world.now());
  };
  const tick = (services: Services) => {
    running = live(services).catch((error: unknown) =>
      services.log.error({ err: error }, "the demo's people stumbled"),
    );
    running.then(() => {
      if (!stopping) timer = setTimeout(() => tick(services), TICK);
    });
  };
  return {
    past: () => past,
    run: async (services, url, loaded) => {
      const at = (where: { done: number; of: number }) => {
        past = where;
      };
      const prepared = prepare(parts, services, { url, loaded, stopping: () => stopping, keep, at });
      running = prepared.catch(() => undefined);
      await prepared;
      past = undefined;
      world.goLive();
      await sandbox.neverQuiet(NEVER_QUIET);
      if (!stopping) tick(services);
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await running;
      await sandbox.close();
    },
  };
}

function pageGuides({ sandbox, brand, settings }: LifeParts, { store, tasks }: Services) {
  return { store, tasks, sandbox, brand, seed: String(settings.seed) };
}

/** What a run is asked with, and what it tells on the way. */
interface Asked {
  url: string;
  loaded: () => void;
  stopping: () => boolean;
  keep: (change: Partial<DemoSettings>) => void;
  at: (past: { done: number; of: number }) => void;
}

/** Loads the brand and plays its last days, each unless it was done before. */
async function prepare(parts: LifeParts, services: Services, asked: Asked): Promise<void> {
  const { world, brand, sandbox, config, folder, settings } = parts;
  let { apiKey = "" } = settings;
  if (!settings.loaded) {
    process.stderr.write("载入演示品牌…\n");
    const start = firstDay(settings.today);
    const until = addDays(start, -1);
    world.set(instantOf(start, "00:01", config.zone));
    const where = { folder: join(folder, "demo"), until, zone: config.zone };
    apiKey = await loadDemo({ services, brand, sandbox, ...where });
    asked.keep({ loaded: true, apiKey });
  }
  await sandbox.connect({
    callbackUrl: `${asked.url}/wecom/callback`,
    intake: { url: `${asked.url}/api/intake/messages`, key: apiKey },
  });
  if (!settings.finished) asked.at({ done: 0, of: PLAY_DAYS });
  asked.loaded();
  if (settings.finished) return;
  process.stderr.write("  历史正在播放，现在就可以打开；数字随日子增长，播放完照常运行。\n\n");
  await playPast(parts, services, asked, apiKey);
  if (!asked.stopping()) asked.keep({ finished: true });
}

async function playPast(parts: LifeParts, services: Services, asked: Asked, apiKey: string): Promise<void> {
  const { world, brand, sandbox, config, settings } = parts;
  const { stopping, keep } = asked;
  const push = crmPush(asked.url, apiKey, brand);
  const bar = progressBar();
  const from = settings.playedThrough ? addDays(settings.playedThrough, 1) : firstDay(settings.today);
  try {
    await play(
      {
        ...{ world, zone: config.zone, brand, sandbox, push, stopping },
        ...{ passes: services.passes, day: config.day },
        headquarters: (day) => workOfHeadquarters(services, day, settings.today),
        workOnPages: (days) => workOnPages(pageGuides(parts, services), days, world.now()),
        progress: (done, of, day) => {
          asked.at({ done: PLAY_DAYS - of + done, of: PLAY_DAYS });
          bar.step(done, of, day);
        },
        played: async (day) => keep({ playedThrough: day }),
      },
      from,
      realWorld.now(),
    );
  } finally {
    bar.stop();
    push.close();
  }
}

/** A bar on a terminal; elsewhere a line now and then. */
function progressBar() {
  if (!process.stderr.isTTY)
    return {
      step: (done: number, of: number, day: string) => {
        if (done % 9 === 0 || done === of) process.stderr.write(`播放历史 ${done}/${of} 天（${day}）\n`);
      },
      stop: () => undefined,
    };
  const bar = new cliProgress.SingleBar({
    format: "播放历史 {bar} {value}/{total} 天  {day}  剩余约 {eta_formatted}",
    stream: process.stderr,
    hideCursor: true,
  });
  let started = false;
  return {
    step: (done: number, of: number, day: string) => {
      if (!started) bar.start(of, 0, { day });
      started = true;
      bar.update(done, { day });
    },
    stop: () => bar.stop(),
  };
}
