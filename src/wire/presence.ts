// A chat account that is out of reach and comes back: written down for HQ, and told to the guide whose words were lost.
import type { gapsOf } from "../channels/gaps.js";
import type { Presence } from "../channels/wechaty/supervisor.js";

export interface PresenceParts {
  gaps: ReturnType<typeof gapsOf>;
  /** when quiet ends that holds now; null: it is not quiet */
  quiet(): Promise<number | null>;
  /** tells the guide */
  tell(text: string): Promise<unknown>;
}

const MINUTE = 60_000;

/** Keeps the gaps of an account. After a gap the guide is told, for what they said to the assistant then was not heard;
 *  nobody is told of a moment, nor at night. */
export function presenceOf({ gaps, quiet, tell }: PresenceParts): Presence {
  return {
    missingSince: gaps.missingSince,
    away: gaps.away,
    back: async (event) => {
      await gaps.back(event);
      const lasted = event.at - event.since;
      if (lasted < MINUTE || (await quiet()) !== null) return;
      await tell(`助手刚才断线了 ${sayLong(lasted)}，其间发来的话没有收到，请再发一次。`);
    },
  };
}

/** "3 分钟", "2 小时"; rounded up. */
function sayLong(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE);
  return minutes < 90 ? `${minutes} 分钟` : `${Math.ceil(minutes / 60)} 小时`;
}
