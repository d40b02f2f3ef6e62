// The settings: defaults, the environment over them, every fault told at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDemo, loadConfig, parseConfig, secretKey } from "../../src/infra/config.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { refusedFor } from "../support/refused.js";
import { settings } from "../support/settings.js";

const faultsOf = (environment: Record<string, string>) =>
  refusedFor(() => loadConfig(environment)).map(({ where }) => where);

test("the defaults run as they are, as the demo", () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ zone: "Asia/Shanghai", channel: "wecom", caps: { customer_per_day: 1 } });
  expect(isDemo(config)).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
});

test("the environment goes over the file, nested keys by underscore", () => {
  const corp = {
    WECOM_CORPID: "ww1",
    WECOM_SECRET: "s",
    WECOM_AGENTID: "7",
    WECOM_TOKEN: "t",
    WECOM_AES_KEY: "a".repeat(43),
  };
  const config = loadConfig({ PORT: "9000", CAPS_GUIDE_PER_DAY: "5", DAY_GUIDE_HOUR: "10:01", ...corp });
  expect(config).toMatchObject({ port: 9000, caps: { guide_per_day: 5 }, day: { guide_hour: "10:01" } });
  expect(config.wecom.agentid).toBe(7);
  expect(isDemo(config)).toBe(false);
});

test.each([
  [{ PORT: "many", ZONE: "Mars/Base", DATABASE_URL: "postgres://x" }, ["DATABASE_URL", "PORT", "ZONE"]],
  [{ DAY_PLAN: "25:00", CAPS_CUSTOMER_PER_DAY: "0" }, ["CAPS_CUSTOMER_PER_DAY", "DAY_PLAN"]],
  [{ WECOM_CORPID: "ww1" }, ["WECOM_*"]],
  [{ CHANNEL: "wechaty" }, ["WECHATY_*"]],
  [{ WECHATY_OPTIONS: "[1" }, ["WECHATY_OPTIONS"]],
  [{ SECRET_KEY: "short" }, ["SECRET_KEY"]],
])("every fault of %j is named", (environment, names) => {
  expect(faultsOf(environment as Record<string, string>).sort()).toEqual(names);
});

test("a key nobody knows is a fault, so that a misspelt setting is not lost", () => {
  expect(() => parseConfig({ ...settings("."), prot: 1 })).toThrow(Refusal);
});

test("the secret key is made once and kept, for its owner only", () => {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-key-"));
  let made = 0;
  const fresh = () => {
    made++;
    return "ab".repeat(32);
  };
  const config = parseConfig(settings(folder));
  expect([secretKey(config, fresh), secretKey(config, fresh)]).toEqual([
    Buffer.alloc(32, 0xab),
    Buffer.alloc(32, 0xab),
  ]);
  expect(made).toBe(1);
  rmSync(folder, { recursive: true, force: true });
});
