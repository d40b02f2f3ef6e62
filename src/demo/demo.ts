// The demo: a sandbox in place of WeCom, a brand with a past, and people who go on living while the server runs.
import { join } from "node:path";
import cliProgress from "cli-progress";
import type { DemoLogin } from "../identity/routes.js";
import { type Config, resolveFromRoot } from "../infra/config.js";
import { addDays, instantOf, shopDayOf } from "../kernel/calendar.js";
import { realWorld } from "../kernel/world.js";
import { makeBrand } from "../sandbox/brand.js";
import type { Brand } from "../sandbox/brand-tables.js";
import type { Services } from "../wire.js";
import { type DemoWorld, demoWorld } from "./clock.js";
import { demoLogins, loadDemo } from "./load.js";
import { workOnPages } from "./page-guides.js";
import { firstDay, play } from "./play.js";
import { crmPush } from "./push.js";
import { type DistantSandbox, startDistantSandbox } from "./sandbox-thread.js";
import { type DemoSettings, demoSettings, keepSettings } from "./settings.js";

/** Somebody acts at least this often while the server runs. */
const NEVER_QUIET = 40_000;
const TICK = 10_000;

/** A played day's calls fall into a few of its minutes. */
const MANY = {
  ...{ per_minute: 1_000_000, per_hour: 1_000_000, member_per_minute: 1_000, member_per_hour: 10_000 },
  app_messages_per_day: 0,
};

/** The demo before the services exist: they need its world, its corp and the sandbox's address. */
export interface Demo {
  world: DemoWorld;
  config: Config;
  logins: DemoLogin[];
  sandbox: DistantSandbox;
  /** Loads and plays what was not yet, then lets people live on. `url` is where our server answers. */
  run(services: Services, url: string): Promise<void>;
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

function lifeOf(parts: LifeParts): Pick<Demo, "run" | "stop"> {
  const { world, sandbox, file } = parts;
  let { settings } = parts;
  let stopping = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
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
    run: async (services, url) => {
      const past = prepare(parts, services, url, keep, () => stopping);
      running = past.catch(() => undefined);
      await past;
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

/** Loads the brand and plays its last days, each unless it was done before. */
async function prepare(
  parts: LifeParts,
  services: Services,
  url: string,
  keep: (change: Partial<DemoSettings>) => void,
  stopping: () => boolean,
): Promise<void> {
  const { world, brand, sandbox, config, folder, settings } = parts;
  const zone = config.zone;
  const start = firstDay(settings.today);
  let { apiKey } = settings;
  if (!settings.loaded) {
    process.stderr.write("载入演示品牌…\n");
    const until = addDays(start, -1);
    world.set(instantOf(start, "00:01", zone));
    apiKey = await loadDemo({ services, brand, sandbox, folder: join(folder, "demo"), until, zone });
    keep({ loaded: true, apiKey });
  }
  await sandbox.connect({
    callbackUrl: `${url}/wecom/callback`,
    intake: { url: `${url}/api/intake/messages`, key: apiKey ?? "" },
  });
  if (settings.finished) return;
  const push = crmPush(url, apiKey ?? "", brand);
  const bar = progressBar();
  const from = settings.playedThrough ? addDays(settings.playedThrough, 1) : start;
  try {
    await play(
      {
        ...{ world, zone, brand, sandbox, push, stopping, passes: services.passes, day: config.day },
        workOnPages: (days) => workOnPages(pageGuides(parts, services), days, world.now()),
        progress: bar.step,
        played: async (day) => keep({ playedThrough: day }),
      },
      from,
      realWorld.now(),
    );
  } finally {
    bar.stop();
    push.close();
  }
  if (!stopping()) keep({ finished: true });
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
