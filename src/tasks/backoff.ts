// When to try, look or ask again: always later, never in step with others.
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Between two processes' glances at a call: longer than any call may take to begin and end. */
export const timing = {
  /** a call that has not begun so long after it was written down does not begin at all */
  beginWithin: 20 * second,
  /** a call written down so long ago without an answer is `unknown` */
  answerWithin: minute,
  /** the same for words a guide puts into the chat by hand */
  reportWithin: 10 * minute,
  /** nothing found so long after the call, and more than once, means that it never took place */
  absentAfter: 10 * minute,
  absentLooks: 2,
  /** after so many looks that told nothing the guide is asked */
  mostLooks: 8,
  /** how long a guide can take an approval back */
  takeBack: 30 * second,
  /** between a guide's list and what goes by itself where HQ names no hour: time to look and to skip */
  notice: 30 * minute,
  /** how long dispatching rests after a limit that does not say how long it lasts */
  limit: minute,
  /** how long dispatching rests when the set-up is broken */
  rest: 5 * minute,
  /** customers still open so long after the guide confirmed never got it */
  openFor: 24 * hour,
  /** a list of mass sends may show one so much later than its time says */
  listLag: hour,
  /** results older than this do not change any more */
  horizon: 15 * 24 * hour,
};

/** ms until a call is repeated after its n-th failure (1 the first): doubling from 2 s to 15 min, ± half by chance in [0, 1). */
export function retryDelay(failures: number, chance: number, atLeast = 0): number {
  const even = Math.min(2 ** Math.min(failures, 20) * second, 15 * minute);
  return Math.round(Math.max(even * (0.5 + chance), atLeast * (1 + chance / 4)));
}

/** ms until a hand-over that waits for its guide is looked at again; `age` in ms since it was taken. */
export function pollDelay(age: number): number {
  if (age < 10 * minute) return minute;
  if (age < 2 * hour) return 5 * minute;
  return age < 24 * hour ? 20 * minute : hour;
}

/** ms until a lost call is looked for again, after so many looks. */
export function lookDelay(looks: number): number {
  return Math.min(2 ** looks * 2 * minute, 30 * minute);
}
