// How people decide: pure functions of seed, person and occasion, so that nothing else can change their minds.
import { dayNumber, dayStart, isWeekend, minuteOfDay } from "./beijing.js";
import { chance, pick } from "./chance.js";
import { afterthoughts, answers, greetings, plainReplies, replies, skipReasons } from "./phrases.js";
import type { Temperament } from "./settings.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A guide as far as it moves their decisions. */
export interface GuideNature {
  userid: string;
  /** 0…1 */
  skill: number;
  /** of their region, around 1 */
  factor: number;
}

/** Something somebody will write. */
export interface Saying {
  at: number;
  text: string;
}

/** A guide's own skill when nobody set one: most between 0.45 and 0.85. */
export function naturalSkill(seed: string, userid: string): number {
  const spread = (chance(seed, "skill", userid, 1) + chance(seed, "skill", userid, 2)) / 2;
  return 0.35 + 0.6 * spread;
}

/** Minutes of the day at which guides look at their phone, before everybody's own quarter hour. */
const looks = [
  9 * 60 + 10,
  10 * 60 + 25,
  11 * 60 + 45,
  13 * 60 + 30,
  15 * 60 + 20,
  17 * 60,
  19 * 60 + 10,
  20 * 60 + 35,
];

/** The next time at or after `from` that a guide looks at their phone. */
export function nextLook(seed: string, userid: string, from: number): number {
  for (let number = dayNumber(from); ; number++) {
    for (const look of looks) {
      const own = Math.floor(chance(seed, "look", userid, number, look) * 25);
      const at = dayStart(number) + (look + own) * minute;
      if (at >= from) return at;
    }
  }
}

/**
 * When a guide sends a mass task made at `from`; undefined: never. A reminder asks a guide who would not once more.
 * The good are asked more often and sooner: after half an hour on average at skill 1, after nine at skill 0.
 */
export function confirmsAt(
  seed: string,
  guide: GuideNature,
  occasion: string,
  from: number,
  reminded: number,
  temper: Temperament,
): number | undefined {
  const weekend = isWeekend(dayNumber(from)) ? temper.weekend : 1;
  const share = clamp((0.45 + 0.52 * guide.skill) * Math.sqrt(guide.factor)) * weekend;
  if (chance(seed, "confirm", guide.userid, occasion, reminded) >= (reminded > 0 ? share / 2 : share))
    return undefined;
  const mean = 0.5 * hour + (1 - guide.skill) * 8.5 * hour;
  const wait = -Math.log(1 - chance(seed, "wait", guide.userid, occasion, reminded)) * mean;
  const look = nextLook(seed, guide.userid, from + wait);
  // one after the other, not all in the same second
  return look + Math.floor(chance(seed, "turn", guide.userid, occasion) * 12 * minute);
}

/** What a customer writes back to words they got at `at`: nothing, or one to three messages. */
export function repliesTo(
  seed: string,
  guide: GuideNature,
  customer: string,
  occasion: string,
  words: string,
  at: number,
  temper: Temperament,
): Saying[] {
  const warmth = 0.4 + 1.2 * chance(seed, "warmth", customer);
  const weekend = isWeekend(dayNumber(at)) ? temper.weekend : 1;
  const share = clamp(temper.replyShare * (0.5 + guide.skill) * guide.factor * warmth * weekend);
  if (chance(seed, "reply", customer, occasion) >= share) return [];
  let next = awake(at + replyDelay(chance(seed, "delay", customer, occasion)), seed, customer);
  const topic = replies.find((one) => one.about.test(words));
  const own = topic && chance(seed, "topic", customer, occasion) < 0.65 ? topic.words : plainReplies;
  const sayings = [{ at: next, text: pick(own, seed, "words", customer, occasion) }];
  const more = chance(seed, "more", customer, occasion);
  for (let count = 0; count < (more < 0.7 ? 0 : more < 0.92 ? 1 : 2); count++) {
    next += Math.floor((20 + 70 * chance(seed, "gap", customer, occasion, count)) * 1000);
    sayings.push({ at: next, text: pick(afterthoughts, seed, "after", customer, occasion, count) });
  }
  return sayings;
}

/** Half inside an hour and a half, most inside a day, a few after the third day. */
function replyDelay(share: number): number {
  if (share < 0.5) return 2 * minute + (share / 0.5) * 88 * minute;
  if (share < 0.85) return 90 * minute + ((share - 0.5) / 0.35) * 22 * hour;
  if (share < 0.97) return day + ((share - 0.85) / 0.12) * 46 * hour;
  return 3 * day + ((share - 0.97) / 0.03) * 2 * day;
}

/** Nobody writes between 23:00 and 08:00: then it is half past eight, more or less. */
function awake(at: number, seed: string, person: string): number {
  const clock = minuteOfDay(at);
  if (clock >= 8 * 60 && clock < 23 * 60) return Math.floor(at);
  const morning = dayStart(dayNumber(at) + (clock >= 23 * 60 ? 1 : 0)) + 8.5 * hour;
  return morning + Math.floor(chance(seed, "awake", person, dayNumber(at)) * 50 * minute);
}

/** What a guide writes back to a customer's message, if anything. */
export function answersBack(
  seed: string,
  guide: GuideNature,
  occasion: string,
  at: number,
): Saying | undefined {
  if (chance(seed, "answer", guide.userid, occasion) >= 0.25 + 0.6 * guide.skill) return undefined;
  const wait = 2 * minute + chance(seed, "pause", guide.userid, occasion) * (1.2 - guide.skill) * 2 * hour;
  return {
    at: awake(at + wait, seed, guide.userid),
    text: pick(answers, seed, "back", guide.userid, occasion),
  };
}

/** What a new customer says of themselves in the first two weeks. */
export function greetingsOf(seed: string, customer: string, added: number): Saying[] {
  const count = Math.floor(chance(seed, "greets", customer) * 2.6);
  return Array.from({ length: count }, (_, number) => {
    const after = chance(seed, "greet", customer, number) ** 2 * 13 * day + 5 * minute;
    return {
      at: awake(added + after, seed, customer),
      text: pick(greetings, seed, "hello", customer, number),
    };
  });
}

/** When a customer ends the contact after words they got at `at`; undefined: they stay. */
export function leavesAt(
  seed: string,
  customer: string,
  occasion: string,
  at: number,
  temper: Temperament,
): number | undefined {
  if (chance(seed, "leave", customer, occasion) >= temper.leaves) return undefined;
  return awake(at + chance(seed, "leave after", customer, occasion) * 2 * day, seed, customer);
}

/** When a guide types 任务 after the day's card; undefined: not today. */
export function asksAt(
  seed: string,
  guide: GuideNature,
  at: number,
  temper: Temperament,
): number | undefined {
  if (chance(seed, "asks", guide.userid, dayNumber(at)) >= temper.asks) return undefined;
  return nextLook(seed, guide.userid, at);
}

/**
 * What a guide types on seeing a numbered list of tasks: a few skipped with a reason, work by hand reported done.
 * Highest number first, so that a list that closes its gaps does not shift the rest.
 */
export function commandsFor(
  seed: string,
  userid: string,
  number: number,
  list: string,
  temper: Temperament,
): string[] {
  const lines = [...list.matchAll(/^\s*(\d{1,3})\s*[.、．):：]\s*(.+)$/gm)].map((match) => ({
    number: Number(match[1]),
    what: match[2] ?? "",
  }));
  return lines
    .sort((left, right) => right.number - left.number)
    .flatMap((line) => {
      const share = chance(seed, "line", userid, number, line.number);
      if (share < temper.skips)
        return [`跳过 ${line.number} ${pick(skipReasons, seed, "why", userid, number, line.number)}`];
      return /回访|电话|手动|登门|人工/.test(line.what) && share < 0.7 ? [`完成 ${line.number}`] : [];
    })
    .slice(0, 6);
}

function clamp(share: number): number {
  return Math.min(0.98, Math.max(0.01, share));
}
