// What a bot is made of: its puppet, how long it is waited for, and who hears it.
import type { Friendship, Message } from "wechaty";
import type * as PUPPET from "wechaty-puppet";
import type { Logger } from "../../infra/log.js";
import type { Said } from "./said.js";

/** Any puppet, made elsewhere and always passed: without one wechaty would take a client of its own choice. */
export type Puppet = PUPPET.impls.PuppetInterface;

/** How long a bot is waited for, in ms; `dingMisses` in questions. */
export interface BotLimits {
  /** for somebody to log in */
  login: number;
  /** for all that belongs to one send; after it the send is given up as unknown */
  say: number;
  /** between two questions whether the puppet is there; 0: never */
  ding: number;
  /** questions without any sign of life after which it is gone */
  dingMisses: number;
}

export interface BotOptions {
  puppet: Puppet;
  log: Pick<Logger, "info" | "warn" | "error">;
  limits: BotLimits;
  said: Said;
  now(): number;
  /** `self`: the contact who is logged in */
  onMessage: (message: Message, self: string) => Promise<void>;
  onFriendship: (friendship: Friendship) => Promise<void>;
  /** This bot is no use any more: its link is gone, or nobody is logged in. Called once. */
  onGone: (reason: string) => void;
}
