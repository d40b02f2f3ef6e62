// The catalogue: a Chinese text in its reader's language, and what is wrong with it said at start.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMessages } from "../../src/infra/messages.js";
import { sayFault } from "../../src/kernel/refusals.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "messages-"));
  mkdirSync(join(dir, "en"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(join(dir, "en", file), text);

it("says a text in a language, with its places filled, and Chinese where there is no other", () => {
  write("a.yaml", "客户: Customers\n第 {n} 版: Version {n}\n");
  const { say } = loadMessages(dir);
  expect(say("en", "客户")).toBe("Customers");
  expect(say("en", "第 {n} 版", { n: 3 })).toBe("Version 3");
  expect(say("zh", "第 {n} 版", { n: 3 })).toBe("第 3 版");
  expect(say("en", "门店")).toBe("门店");
});

it("names texts that two files translate differently, and places that differ", () => {
  write("a.yaml", "客户: Customers\n第 {n} 版: Version\n");
  write("b.yaml", "客户: Clients\n");
  let faults: string[] = [];
  try {
    loadMessages(dir).texts();
  } catch (error) {
    faults = (error as { faults: Parameters<typeof sayFault>[0][] }).faults.map(sayFault);
  }
  expect(faults).toEqual([
    expect.stringContaining("a.yaml: 第 {n} 版"),
    expect.stringMatching(/b\.yaml: 客户.*Customers/),
  ]);
});
