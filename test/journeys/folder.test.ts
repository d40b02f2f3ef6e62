// A journey's folder: words beside the file are read, nothing outside it is.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journeySource, wordsFolder } from "../../src/journeys/folder.js";
import { Refusal } from "../../src/kernel/refusals.js";

let root: string;
let dir: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "journey-"));
  dir = join(root, "brand");
  mkdirSync(join(dir, "words"), { recursive: true });
  mkdirSync(join(root, "brand-2"));
  writeFileSync(join(root, "secret.hbs"), "secret");
  writeFileSync(join(root, "brand-2/secret.hbs"), "secret");
  writeFileSync(join(dir, "journey.yaml"), "key: j");
  writeFileSync(join(dir, "words/a.hbs"), "甲");
  writeFileSync(join(dir, "gbk.hbs"), Buffer.from([0xc4, 0xe3]));
  writeFileSync(join(dir, "long.hbs"), "x".repeat(70_000));
  symlinkSync(join(root, "secret.hbs"), join(dir, "out.hbs"));
  symlinkSync(root, join(dir, "up"));
  symlinkSync(join(dir, "words/a.hbs"), join(dir, "in.hbs"));
  symlinkSync(join(dir, "loop.hbs"), join(dir, "loop.hbs"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ["words/a.hbs", { text: "甲" }],
  ["in.hbs", { text: "甲" }],
  ["none.hbs", { fault: "a file that exists" }],
  ["words/a.hbs/b.hbs", { fault: "a file that exists" }],
  ["words", { fault: "a file" }],
  ["out.hbs", { fault: "a file inside the journey's own folder" }],
  ["up/secret.hbs", { fault: "a file inside the journey's own folder" }],
  ["../secret.hbs", { fault: "a file inside the journey's own folder" }],
  ["../brand-2/secret.hbs", { fault: "a file inside the journey's own folder" }],
  ["gbk.hbs", { fault: "a text in UTF-8" }],
  ["long.hbs", { fault: "a file of at most 64 KiB" }],
  ["loop.hbs", { fault: "a file that can be read (ELOOP)" }],
])("%s", (path, expected) => {
  expect(wordsFolder(dir)(path)).toEqual(expected);
});

it("gives a journey's file with its words", () => {
  const source = journeySource(join(dir, "journey.yaml"));
  expect(source).toMatchObject({ name: join(dir, "journey.yaml"), text: "key: j" });
  expect(source.readWords("words/a.hbs")).toEqual({ text: "甲" });
});

it("refuses a journey that is not there", () => {
  expect(() => journeySource(join(dir, "none.yaml"))).toThrow(Refusal);
});
