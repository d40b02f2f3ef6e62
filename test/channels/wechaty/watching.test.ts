// Watching a bot: what counts as a sign of life, what ends it, and that it ends once; over events alone.
import { EventEmitter } from "node:events";
import type { Wechaty } from "wechaty";
import type { Puppet } from "../../../src/channels/wechaty/bot-options.js";
import { limitsFrom } from "../../../src/channels/wechaty/limits.js";
import { Said } from "../../../src/channels/wechaty/said.js";
import { selfOf, watch } from "../../../src/channels/wechaty/watching.js";
import { silentLog } from "../../support/wechaty/stage.js";

/** Jest's own clock: a module is given it and no global. */
const clock = (import.meta as unknown as { jest: typeof jest }).jest;

class Account extends EventEmitter {
  isLoggedIn = true;
  currentUser = { id: "g1" };
  asked = 0;
  ding(): void {
    this.asked++;
  }
}

let account: Account;
let gone: string[];
let heard: unknown[];
let watching: ReturnType<typeof watch>;
/** the moment, ms */
let now: number;

beforeEach(() => {
  clock.useFakeTimers();
  [account, gone, heard, now] = [new Account(), [], [], 1_000];
  watching = watch(account as unknown as Wechaty, {
    ...{ puppet: {} as Puppet, log: silentLog, said: new Said(), now: () => now },
    limits: limitsFrom({ ding: 1_000, dingMisses: 3 }),
    onMessage: async (message) => {
      heard.push(message);
    },
    onFriendship: () => Promise.reject(new Error("database gone")),
    onGone: (reason) => gone.push(reason),
  });
});
afterEach(() => {
  watching.stop();
  clock.useRealTimers();
});

const ended = () =>
  watching.ended.then(
    () => "",
    (error: Error) => error.message,
  );

test("nobody logs in and there is no code to scan: the opening ends, and says so", async () => {
  clock.advanceTimersByTime(15_000);
  expect(await ended()).toContain("nobody logs in");
  expect(gone).toEqual([]);
});

test("a code to scan is waited for", async () => {
  account.emit("scan", "https://example.com/code");
  clock.advanceTimersByTime(120_000);
  watching.opened();
  account.emit("logout");
  expect(gone).toEqual(["the account was logged out"]);
});

test("a logout before anybody was logged in is none", () => {
  account.emit("logout");
  watching.opened();
  expect(gone).toEqual([]);
});

test.each([
  ["a link that is gone", Object.assign(new Error("14 UNAVAILABLE"), { code: 14 }), ["14 UNAVAILABLE"]],
  ["a call that was cancelled", Object.assign(new Error("1 CANCELLED"), { code: 1 }), ["1 CANCELLED"]],
  ["any other fault", Object.assign(new Error("2 UNKNOWN"), { code: 2 }), []],
  ["a fault without a number", new Error("no such message"), []],
])("of errors %s ends it, and once", (_what, error, reasons) => {
  watching.opened();
  account.emit("error", error);
  account.emit("error", error);
  account.emit("logout");
  expect(gone).toEqual(reasons.length > 0 ? reasons : ["the account was logged out"]);
});

test("who answered once and is silent now is gone; any event is a sign that it is not", () => {
  watching.opened();
  clock.advanceTimersByTime(60_000);
  // never answered: not all can
  expect([gone, account.asked]).toEqual([[], 60]);
  account.emit("dong");
  clock.advanceTimersByTime(2_500);
  now = 5_000;
  account.emit("heartbeat");
  expect(watching.lastSign()).toBe(5_000);
  clock.advanceTimersByTime(3_400);
  expect(gone).toEqual([]);
  clock.advanceTimersByTime(1_000);
  expect(gone).toEqual(["the puppet does not answer"]);
  const { asked } = account;
  clock.advanceTimersByTime(60_000);
  expect([gone.length, account.asked]).toEqual([1, asked]);
});

test("a hearer that fails ends nobody, and words are heard of an account that is logged in", async () => {
  watching.opened();
  account.emit("friendship", {});
  account.emit("message", "one");
  account.isLoggedIn = false;
  account.emit("message", "two");
  await Promise.resolve();
  expect([heard, gone, selfOf(account as unknown as Wechaty)]).toEqual([["one"], [], undefined]);
});
