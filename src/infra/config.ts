// The settings: config/default.yaml, overridden by the environment, parsed once, all faults told together.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { type Fault, Refusal } from "../kernel/refusals.js";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time HH:MM");
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const shape = z.strictObject({
  database_url: z
    .string()
    .regex(/^(sqlite:.+|mysql:\/\/.+)$/, "sqlite:PATH or mysql://user:password@host:3306/name"),
  redis_url: z.string().regex(/^(|rediss?:\/\/.+)$/, "redis://host:6379, or empty"),
  port: whole(0, 65535),
  public_url: z.string().regex(/^(|https?:\/\/[^ ]+)$/, "http(s)://…, or empty"),
  data_dir: z.string().min(1, "a folder"),
  secret_key: z.string().regex(/^(|[0-9a-fA-F]{64})$/, "64 hex digits, or empty"),
  log_level: z.enum(["trace", "debug", "info", "warn", "error", "silent"]),
  zone: z.string().refine(isZone, "a time zone such as Asia/Shanghai"),
  demo: z.enum(["auto", "on", "off"]),
  day: z.strictObject({
    plan: time,
    release: time,
    guide_hour: time,
    guide_jitter_minutes: whole(0, 120),
    nudge_hour: time,
    summary_hour: time,
    weekly_hour: time,
    card_hour: time,
    quiet_from: time,
    quiet_to: time,
  }),
  journeys: z.strictObject({ approval: z.enum(["on", "off"]) }),
  caps: z.strictObject({
    customer_per_day: whole(1, 100),
    customer_per_month: whole(1, 1000),
    guide_per_day: whole(1, 10_000),
  }),
  receive_limit: z.strictObject({
    per_day: whole(1, 100),
    per_month: whole(1, 1000),
    kept_for_best: whole(0, 31),
  }),
  reply_window_hours: whole(1, 720),
  import: z.strictObject({
    undo_rows: whole(0, 10_000_000),
    undo_days: whole(1, 365),
    upload_mb: whole(1, 100_000),
  }),
  channel: z.enum(["wecom", "wechaty", "notebook"]),
  wechaty: z.strictObject({
    puppet: z.string(),
    options: z.string().refine(isJsonObject, "a JSON object such as {}"),
    guide: z.string(),
    attachments: z
      .string()
      .regex(/^(|(picture|file|link)(,(picture|file|link))*)$/, "picture,file,link, or some of them"),
    login_seconds: whole(5, 3600),
    say_seconds: whole(1, 20),
    pause_ms: whole(0, 15_000),
    ding_seconds: whole(0, 60),
    ding_misses: whole(2, 100),
    retry_seconds: whole(1, 600),
  }),
  wecom: z.strictObject({
    base_url: z.string().regex(/^https?:\/\/[^ ]+$/, "http(s)://…"),
    corpid: z.string(),
    agentid: whole(0, 2 ** 31),
    secret: z.string(),
    oauth_url: z
      .string()
      .regex(/^https?:\/\/[^ ]+$/, "http(s)://…")
      .optional(),
    login_url: z
      .string()
      .regex(/^https?:\/\/[^ ]+$/, "http(s)://…")
      .optional(),
    token: z.string().regex(/^[A-Za-z0-9]{0,32}$/, "letters and digits, at most 32"),
    aes_key: z.string().regex(/^(|[A-Za-z0-9]{43})$/, "43 letters and digits, or empty"),
  }),
  wecom_limits: z.strictObject({
    per_minute: whole(1, 10_000_000),
    per_hour: whole(1, 100_000_000),
    member_per_minute: whole(1, 1_000_000),
    member_per_hour: whole(1, 10_000_000),
    app_messages_per_day: whole(0, 2_000_000_000),
  }),
});

/** All settings, frozen. */
export type Config = Readonly<z.infer<typeof shape>>;

type Tree = { [key: string]: unknown };

/** The project's own folder, wherever the code runs from (sources or build). */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Reads the settings from the defaults file and an environment. Raises one Refusal that lists every fault. */
export function loadConfig(environment: Record<string, string | undefined> = process.env): Config {
  const defaults = parse(readFileSync(join(projectRoot, "config/default.yaml"), "utf8")) as Tree;
  return parseConfig(overlay(defaults, "", environment));
}

/** Checks settings already read. Raises one Refusal that lists every fault. */
export function parseConfig(tree: unknown): Config {
  const parsed = shape.safeParse(tree);
  const faults: Fault[] = parsed.success ? [] : parsed.error.issues.map(faultOf);
  if (parsed.success) faults.push(...halfSet(parsed.data));
  if (!parsed.success || faults.length > 0)
    throw new Refusal("invalid", "The settings are not right.", faults);
  return Object.freeze(parsed.data);
}

/** One setting as it is in force. */
export interface SettingLine {
  /** day.plan */
  path: string;
  /** the variable that overrides it: DAY_PLAN */
  variable: string;
  value: string;
  /** whether the environment gives it */
  isGiven: boolean;
}

/** Every setting in force, in the order of the defaults file. */
export function settingLines(
  config: Config,
  environment: Record<string, string | undefined> = process.env,
): SettingLine[] {
  const flat = (tree: Tree, prefix: string): SettingLine[] =>
    Object.entries(tree).flatMap(([key, value]) => {
      const path = `${prefix}${key}`;
      if (value !== null && typeof value === "object") return flat(value as Tree, `${path}.`);
      const variable = path.replaceAll(".", "_").toUpperCase();
      return [{ path, variable, value: String(value), isGiven: environment[variable] !== undefined }];
    });
  return flat(config, "");
}

/** The secret key: the setting, else the one kept in the data folder, made there once from `fresh` (64 hex digits). */
export function secretKey(config: Config, fresh: () => string): Buffer {
  if (config.secret_key) return Buffer.from(config.secret_key, "hex");
  const file = join(resolveFromRoot(config.data_dir), "secret.key");
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fresh(), { mode: 0o600, flag: "wx" });
  }
  return Buffer.from(readFileSync(file, "utf8").trim(), "hex");
}

/** Whether to run the demo brand with the sandbox: asked for, or no real corp is set. */
export function isDemo(config: Config): boolean {
  return (
    config.demo === "on" || (config.demo === "auto" && config.channel === "wecom" && !config.wecom.corpid)
  );
}

/** A path of the settings as an absolute one. */
export function resolveFromRoot(path: string): string {
  return path.startsWith("/") ? path : join(projectRoot, path);
}

function overlay(tree: Tree, prefix: string, environment: Record<string, string | undefined>): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      const name = `${prefix}${key}`.toUpperCase();
      if (value !== null && typeof value === "object")
        return [key, overlay(value as Tree, `${name}_`, environment)];
      return [key, environment[name] ?? value];
    }),
  );
}

function faultOf(issue: z.core.$ZodIssue): Fault {
  const name = issue.path.join("_").toUpperCase() || issue.path.join(".");
  return { where: name || "config/default.yaml", expected: issue.message };
}

/** What only makes sense together and was given in part. */
function halfSet({ channel, wecom, wechaty, redis_url }: z.infer<typeof shape>): Fault[] {
  const faults: Fault[] = [];
  const parts = [wecom.corpid, wecom.secret, wecom.agentid, wecom.token, wecom.aes_key];
  const given = parts.filter(Boolean).length;
  if (given > 0 && given < parts.length)
    faults.push({
      where: "WECOM_*",
      expected:
        "WECOM_CORPID, WECOM_SECRET, WECOM_AGENTID, WECOM_TOKEN and WECOM_AES_KEY together, or none of them",
    });
  if (channel === "wechaty" && !(wechaty.puppet && wechaty.guide))
    faults.push({ where: "WECHATY_*", expected: "WECHATY_PUPPET and WECHATY_GUIDE for the channel wechaty" });
  if (channel === "wechaty" && redis_url)
    faults.push({
      where: "REDIS_URL",
      expected: "empty for the channel wechaty: an account has one client, so one process",
    });
  return faults;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function findRoot(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "config/default.yaml"))) return folder;
  throw new Error("config/default.yaml not found above the program");
}
