// How long an account is waited for, and how fast it may speak. Each is a setting; where its default comes from stands there.
import type { BotLimits } from "./bot-options.js";

/** All in ms. */
export interface Limits extends BotLimits {
  /** between the beginnings of two texts of the account */
  pause: number;
  /** for its turn behind what is being said */
  turn: number;
  /** between two tries to open a bot: doubling from the first to the most */
  retry: { first: number; most: number };
}

/**
 * Turn and send together end within 35 s: with the 20 s a claimed hand-over may wait before its call, that is less than
 * the minute after which a call without an answer counts as lost.
 */
const DEFAULTS: Limits = {
  login: 120_000,
  say: 20_000,
  pause: 2_000,
  turn: 15_000,
  ding: 5_000,
  dingMisses: 4,
  retry: { first: 1_000, most: 60_000 },
};

/** The limits as set, the others by default. */
export function limitsFrom(set: Partial<Limits> = {}): Limits {
  return { ...DEFAULTS, ...set };
}
