// A chat account that is out of reach and comes back: written down for HQ, and told to the guide whose words were lost.
import type { gapsOf, UntoldGap } from "../channels/gaps.js";
import type { Presence } from "../channels/wechaty/supervisor.js";
import { wallTimeOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";

export interface PresenceParts {
  gaps: ReturnType<typeof gapsOf>;
  world: Pick<World, "now">;
  zone: string;
  /** when quiet ends that holds now; null: it is not quiet */
  quiet(): Promise<number | null>;
  /** tells the guide */
  tell(text: string): Promise<unknown>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;
/** A link that breaks every minute is told of so often at most. */
const PAUSE = 10 * MINUTE;
/** Nobody types and is not heard in less. */
const MOMENT = 2 * SECOND;
const MOST = 5;

/** Keeps the gaps of an account, and tells its guide of those in which words of theirs were not heard: at once, after the
 *  night, or together with the next. */
export function presenceOf(parts: PresenceParts): Presence & { tellGaps(): Promise<number> } {
  const { gaps } = parts;
  const tellGaps = () => tellUntold(parts);
  return {
    missingSince: gaps.missingSince,
    away: gaps.away,
    back: async (event) => {
      await gaps.back(event);
      await tellGaps();
    },
    tellGaps,
  };
}

/** Tells of all gaps not told of; gives how many. */
async function tellUntold({ gaps, world, zone, quiet, tell }: PresenceParts): Promise<number> {
  const now = world.now();
  const untold = await gaps.untold(now - DAY);
  if (untold.length === 0) return 0;
  const mattered = untold.filter(matters);
  if (mattered.length > 0) {
    const last = await gaps.lastTold();
    if ((last !== null && now - last < PAUSE) || (await quiet()) !== null) return 0;
    await tell(sayGaps(mattered, zone));
  }
  // what nobody missed counts as told from the beginning, so that it holds nobody's pause up
  const missed = mattered.map(({ id }) => id);
  const rest = untold.filter((gap) => !matters(gap)).map(({ id }) => id);
  if (missed.length > 0) await gaps.told(missed, now);
  if (rest.length > 0) await gaps.told(rest, 0);
  return mattered.length;
}

function matters({ beganAt, endedAt, unheard }: UntoldGap): boolean {
  return unheard === null ? endedAt - beganAt >= MOMENT : unheard.length > 0;
}

/** What a guide reads after gaps: their own words where the puppet keeps them, else how long nobody listened. */
export function sayGaps(gaps: readonly UntoldGap[], zone: string): string {
  const said = gaps.flatMap(({ unheard }) => unheard ?? []);
  const lost = gaps.filter(({ unheard }) => unheard === null);
  const lines: string[] = [];
  if (said.length > 0) {
    lines.push("我刚才不在线，这几句没有照做：");
    for (const { at, text } of said.slice(-MOST)) lines.push(`${wallTimeOf(at, zone)}「${cut(text)}」`);
    if (said.length > MOST) lines.push(`还有更早的 ${said.length - MOST} 句。`);
  }
  if (lost.length > 0) {
    const lasted = lost.reduce((sum, { beganAt, endedAt }) => sum + endedAt - beganAt, 0);
    lines.push(`我刚才断线了 ${sayLong(lasted)}，其间你发来的话没有收到。`);
  }
  return [...lines, "还要做的，请再发一次，谢谢！"].join("\n");
}

function cut(text: string): string {
  const all = [...text.trim()];
  return all.length > 30 ? `${all.slice(0, 29).join("")}…` : all.join("");
}

/** "不到 1 分钟", "3 分钟", "2 小时"; rounded up. */
function sayLong(ms: number): string {
  if (ms < MINUTE) return "不到 1 分钟";
  const minutes = Math.ceil(ms / MINUTE);
  return minutes < 90 ? `${minutes} 分钟` : `${Math.ceil(minutes / 60)} 小时`;
}
