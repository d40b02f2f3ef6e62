// What the work on tasks stands on: given by wire.ts, the same for every pass and every action of a guide.
import type { Channel, GuideNote } from "../channels/port.js";
import type { Config } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import type { TouchpointSpec, Way } from "../journeys/spec.js";
import type { Askable } from "../journeys/words.js";
import type { WordedTouchpoint } from "../journeys/words-cache.js";
import type { ShopDay } from "../kernel/calendar.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";

/** The channel of each purpose; one adapter may serve all. */
export interface TaskChannels {
  /** tells guides */
  tell: Channel;
  /** takes mass sends; where it does not ask the guide itself, the guide approves here first */
  mass: Channel;
  /** sends as the guide, once the guide approved */
  bot: Channel;
}

/** One line of a guide's list. */
export interface ListLine {
  taskId: number;
  position: number;
  customerName: string;
  childName: string | null;
  touchpointName: string;
  way: Way;
  /** goes by itself */
  automatic: boolean;
  state: string;
  why: string;
}

/** The list a guide's card is made of. */
export interface GuideListing {
  guide: { id: number; userid: string; name: string };
  day: ShopDay;
  lines: readonly ListLine[];
  /** of the guide's own page */
  url: string;
}

export interface TaskSetup {
  store: Store;
  world: World;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** `receive_limit` absent: the channel limits nobody */
  config: Pick<Config, "zone" | "day" | "caps"> & Partial<Pick<Config, "receive_limit">>;
  channels: TaskChannels;
  /** of journeys/words-cache */
  touchpoint(versionId: number, touchpointId: number): Promise<WordedTouchpoint>;
  /** a stored phone number in the clear; undefined when it cannot be read */
  openPhone(cipher: string): string | undefined;
  claims: ClaimsCheck;
  /** the page of a guide's list */
  listUrl(guideId: number, day: ShopDay): string;
  listCard(listing: GuideListing): GuideNote;
  /** writes a fact a guide supplied, with its anchors; raises a Refusal when the value is none */
  supplyFact(fact: {
    customerId: number;
    childNo: number;
    field: Askable;
    value: string;
    actor: string;
  }): Promise<void>;
  /** hears that pairs gained deliveries (they are marked already) */
  onDelivered?(): Promise<unknown>;
}

/** The shop day of an instant. */
export function dayOf(setup: { config: Pick<Config, "zone"> }, at: number): ShopDay {
  return shopDayOf(at, setup.config.zone);
}

/** The channel a task's words take; a way without a channel of ours goes from the guide's own hand. */
export function channelFor(channels: TaskChannels, way: Way): Channel | null {
  if (way === "mass") return channels.mass;
  return way === "bot" ? channels.bot : null;
}

/** Whether the guide must approve here before the words leave us: the channel would not ask them. */
export function needsApproval(channels: TaskChannels, way: Way): boolean {
  const channel = channelFor(channels, way);
  return way === "bot" || (channel !== null && !channel.promises.confirmsThere);
}

/** Whether words go by themselves at their time: HQ says so of the touchpoint, and a bot sends them. */
export function isAutomatic({ automatic, send }: Pick<TouchpointSpec, "automatic" | "send">): boolean {
  return automatic === true && send === "bot";
}

/** The channel a hand-over went to, by its stored name and way. */
export function channelOf(
  { mass, bot }: TaskChannels,
  { channel: name, way }: { channel: string; way: string },
): Channel | undefined {
  return (way === "bot" ? [bot, mass] : [mass, bot]).find((channel) => channel.name === name);
}
