// The settings page explains every setting there is, shows no secret, and says where each value comes from.

import { SETTING_GROUPS, shownValue } from "../../../src/console/settings/keys.js";
import { settingsPage } from "../../../src/console/settings/page.js";
import { loadConfig, settingLines } from "../../../src/infra/config.js";

const environment = {
  ...{ DAY_PLAN: "05:10", CAPS_GUIDE_PER_DAY: "80", SECRET_KEY: "ab".repeat(32) },
  DATABASE_URL: "mysql://guidepost:hunter2@db:3306/guidepost",
};
const lines = settingLines(loadConfig(environment), environment);

it("explains each setting of the defaults once, and none that is not there", () => {
  const explained = SETTING_GROUPS.flatMap(({ keys }) => Object.keys(keys));
  expect([...explained].sort()).toEqual(lines.map(({ path }) => path).sort());
});

it("says what the environment gives, also where it gives the default", () => {
  const given = lines.filter(({ isGiven }) => isGiven).map(({ path }) => path);
  expect(given.sort()).toEqual(["caps.guide_per_day", "database_url", "day.plan", "secret_key"]);
});

it("shows no secret", () => {
  const page = JSON.stringify(settingsPage(lines));
  expect(page).not.toContain("hunter2");
  expect(page).not.toContain("abab");
  expect(page).toContain("mysql://guidepost:•••@db:3306/guidepost");
});

it.each([
  ["", false, ""],
  ["", true, ""],
  ["redis://:pw@host:6379", false, "redis://:•••@host:6379"],
  ["https://qyapi.weixin.qq.com", false, "https://qyapi.weixin.qq.com"],
  ["s3cret", true, "•••"],
])("%s (secret: %s) is shown as %s", (value, secret, shown) => {
  expect(shownValue(value, secret)).toBe(shown);
});
