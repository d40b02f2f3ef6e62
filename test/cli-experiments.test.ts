// guidepost experiment on the command line: figures judged without a database, clear words for what cannot be.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { addExperimentCommands } from "../src/cli/experiments.js";
import { sayFault } from "../src/kernel/refusals.js";
import { quietly, type Ran, run } from "./support/program.js";
import { refusedFor } from "./support/refused.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guidepost-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const experiment = (...args: string[]): Promise<Ran> => run(["experiment", ...args], quietly(folder));

test("judge says who is better, as text and as JSON", async () => {
  const arms = ["--arm", "A:1200:238", "--arm", "B:1200:289"];
  const text = await experiment("judge", ...arms, "--shares", "50,50");
  expect([text.code, text.stderr]).toEqual([0, ""]);
  expect(text.stdout.trim().split("\n").at(-1)).toBe(
    "B 更好：回复率 24.1% 对 19.8%，相差 4.3 个百分点（0.9 到 7.6）",
  );
  const json = await experiment("judge", ...arms, "--shares", "50,50", "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({
    arms: [{ name: "A", sent: 1200, replied: 238 }, { name: "B" }],
    comparisons: [{ arm: "B", against: "A" }],
    sample_ratio: { expected: [1200, 1200], p: 1, holds: true },
    outcome: "better",
    winner: "B",
    sentence: "B is better: 24.1 % against 19.8 % replies, difference 4.3 points (0.9 to 7.6)",
  });
});

test("size is asked beforehand", async () => {
  const { stdout } = await experiment("size", "--rate", "20", "--detect", "5", "--json");
  expect(JSON.parse(stdout)).toEqual({ per_arm: 1094 });
});

test("an empty database has no experiments, and says so", async () => {
  expect((await experiment("list")).stdout).toBe("没有正在生效的实验。\n");
  expect(JSON.parse((await experiment("uplift", "--json")).stdout)).toEqual({ touchpoints: [] });
});

test.each([
  ["no arm", ["judge"], "--arm"],
  ["figures that cannot be", ["judge", "--arm", "A:10:11", "--arm", "B:10:1"], "expected at most 10 replies"],
  ["an experiment that is none", ["show", "care/day-7"], "没有实验"],
])("%s ends with 2 and a sentence", async (_name, args, said) => {
  const { code, stdout, stderr } = await experiment(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(said);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ["one arm alone", ["judge", "--arm", "A:10:1"], "expected two arms or more"],
  [
    "more replies than sends",
    ["judge", "--arm", "A:10:11", "--arm", "B:10:1"],
    'A:10:11": expected at most 10 replies',
  ],
  ["no sends", ["judge", "--arm", "A:0:0", "--arm", "B:10:1"], "expected at least 1 send"],
  ["what is no arm", ["judge", "--arm", "A", "--arm", "B:10:1"], "expected NAME:SENT:REPLIED"],
  ["negative figures", ["judge", "--arm", "A:-5:1", "--arm", "B:10:1"], "expected NAME:SENT:REPLIED"],
  ["a name twice", ["judge", "--arm", "A:10:1", "--arm", "A:10:1"], "expected a name no other arm has"],
  [
    "shares for others",
    ["judge", "--arm", "A:10:1", "--arm", "B:10:1", "--shares", "50"],
    "expected 2 numbers above 0",
  ],
  [
    "a share of nothing",
    ["judge", "--arm", "A:10:1", "--arm", "B:10:1", "--shares", "100,0"],
    "expected 2 numbers above 0",
  ],
  [
    "an impossible size",
    ["size", "--rate", "99", "--detect", "5"],
    "expected a difference that leaves the rate below 100",
  ],
])("%s is refused", (_name, args, said) => {
  const program = new Command();
  addExperimentCommands(program);
  const faults = refusedFor(() => program.parse(["experiment", ...args], { from: "user" }));
  expect(faults.map(sayFault)).toEqual([expect.stringContaining(said)]);
});
