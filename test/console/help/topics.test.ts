// The help: its pictures are there and small, and it leads to no page that is not.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { audienceOf, TOPICS } from "../../../src/console/help/topics.js";
import { projectRoot } from "../../../src/infra/config.js";

const topics = Object.values(TOPICS).flat();
const pictures = topics.flatMap(({ picture }) => (picture ? [picture] : []));

it.each(pictures)("the picture %s is there, and small", (picture) => {
  const path = join(projectRoot, "templates/pages/assets/help", picture);
  expect(existsSync(path)).toBe(true);
  expect(statSync(path).size).toBeLessThan(60_000);
});

it("has at most ten pictures, and each part its own names", () => {
  expect(pictures.length).toBeLessThanOrEqual(10);
  for (const part of Object.values(TOPICS)) {
    const ids = part.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

it.each([
  ["hq", "hq"],
  ["manager", "manager"],
  ["store_manager", "manager"],
  ["guide", "guide"],
] as const)("%s begins with the help of %s", (role, audience) => {
  expect(audienceOf(role)).toBe(audience);
});
