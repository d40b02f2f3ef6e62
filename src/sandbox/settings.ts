// What a sandbox is started with, its defaults, and the ground its parts stand on.
import type { World } from "../kernel/world.js";
import type { RandomFaults } from "./faults.js";
import type { StateFile } from "./state.js";

/** How its people are, as shares in 0…1 unless said otherwise. */
export interface Temperament {
  /** of delivered messages an average customer answers to an average guide */
  replyShare: number;
  /** what is left of taps and replies on a Saturday or Sunday */
  weekend: number;
  /** of daily cards after which the guide types 任务 into the app */
  asks: number;
  /** of listed tasks the guide skips with a reason */
  skips: number;
  /** of delivered messages after which the customer ends the contact */
  leaves: number;
  /** of transfers to another guide that the customer refuses */
  refuses: number;
}

export const evenTemper: Temperament = {
  replyShare: 0.3,
  weekend: 0.75,
  asks: 0.2,
  skips: 0.05,
  leaves: 0.002,
  refuses: 0.04,
};

/** Frequency limits of one corp on one API, and how many of its calls may be open at once. */
export interface ApiLimits {
  perMinute: number;
  perHour: number;
  parallel: number;
}

export const publishedLimits: ApiLimits = { perMinute: 10_000, perHour: 150_000, parallel: 200 };

/** One call as it came in and what went out; answer is undefined when none was given. */
export interface Exchange {
  method: string;
  /** after /cgi-bin/ */
  path: string;
  query: Record<string, string>;
  body: unknown;
  status: number;
  answer: unknown;
  /** the fault that hit it, if one did */
  fault?: string;
}

export interface SandboxOptions {
  world: World;
  /** its own SQLite file; ":memory:" forgets everything at close */
  statePath: string;
  /** 0 (default): any free port of 127.0.0.1 */
  port?: number;
  corpid: string;
  secret: string;
  agentid: number;
  /** of the callback setting */
  token: string;
  /** EncodingAESKey of the callback setting, 43 letters and digits */
  aesKey: string;
  callbackUrl?: string;
  intake?: Intake;
  /** everything its people decide hangs on it */
  seed: string;
  /** mass messages a customer may get a day, default 1 */
  receiveLimitPerDay?: number;
  limits?: Partial<ApiLimits>;
  temperament?: Partial<Temperament>;
  /** what goes wrong by chance from the start; default nothing */
  faults?: RandomFaults;
  /** ms the app has to answer a callback, default 5000 as with WeCom */
  callbackTimeout?: number;
  /** ms between two tries of a callback, default 5000 */
  callbackPause?: number;
  /** guides notice what comes to them at whole multiples of so many ms: when it came in between changes nothing of what
   *  they do. Default 0: at once */
  noticesEvery?: number;
  /** hears every API call, for tests that compare it with the documented fields */
  onExchange?: (exchange: Exchange) => void;
}

/** Where the archive's records are pushed: POST with `authorization: Bearer key`. */
export interface Intake {
  url: string;
  key: string;
}

/** What every part of a sandbox stands on. */
export interface Ground {
  db: StateFile;
  world: World;
  options: SandboxOptions & { temperament: Temperament; limits: ApiLimits; receiveLimitPerDay: number };
}
