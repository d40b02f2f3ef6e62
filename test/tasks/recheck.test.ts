// The last check before words leave: every fact that can keep a task back, and what happens to it then.
import { recheck, type SendFacts, type Verdict } from "../../src/tasks/recheck.js";

const today = "2026-03-02";
const caps = { customerPerDay: 1, customerPerMonth: 4 };
const task = {
  anchorOn: "2026-02-23",
  expiresOn: "2026-03-05",
  occurrence: 0,
  childNo: 0,
  guideId: 7,
  deputyOf: null,
};
const fine: SendFacts = {
  task,
  trigger: { anchor: "joined", repeat: "once" },
  resting: null,
  customer: { optedOut: false, stopped: false, ownerId: 7, declined: false },
  contactEnded: false,
  guideGone: false,
  onLeave: false,
  leaveOver: false,
  siblingsMoved: false,
  anchor: { onDate: "2026-02-23", cycleOn: 0 },
  born: false,
  sentToday: 0,
  sentThisMonth: 0,
};
const lastDay = { ...task, expiresOn: today };
const order = { trigger: { anchor: "last_order", repeat: "each" } as const };
const bought = (cycleOn: number, occurrence = 20260110): Partial<SendFacts> => ({
  ...order,
  task: { ...task, anchorOn: "2026-01-10", occurrence },
  anchor: { onDate: cycleOn === 20260110 ? "2026-01-10" : "2026-03-01", cycleOn },
});
const customer = (part: object): Partial<SendFacts> => ({
  customer: { optedOut: false, stopped: false, ownerId: 7, declined: false, ...part },
});
/** Guide 7 stands in for 6, who owns the customer. */
const standingIn = (part: Partial<SendFacts> = {}): Partial<SendFacts> => ({
  ...{ task: { ...task, deputyOf: 6 }, ...customer({ ownerId: 6 }), ...part },
});
const skipped = (reason: string) => ({ go: false, to: "skipped", reason }) as Verdict;
const tomorrow = { go: false, to: "planned", releaseOn: "2026-03-03" } as const;

it.each<[string, Partial<SendFacts>, Verdict]>([
  ["all is well", {}, { go: true }],
  ["its journey paused", { resting: "paused" }, { ...tomorrow, reason: "paused" }],
  [
    "its journey archived",
    { resting: "archived", customer: null },
    { go: false, to: "cancelled", reason: "archived" },
  ],
  ["erased", { customer: null }, skipped("erased")],
  ["its fact known by now", { answered: true }, { go: false, to: "cancelled", reason: "superseded" }],
  [
    "another day agreed on",
    { ...bought(20260301), trigger: { anchor: "next_touch", repeat: "each" } },
    { go: false, to: "cancelled", reason: "anchor_corrected" },
  ],
  ["opted out", customer({ optedOut: true }), skipped("opted_out")],
  ["stopped, but nothing about a baby", customer({ stopped: true }), { go: true }],
  [
    "stopped, about a baby",
    { ...customer({ stopped: true }), trigger: { anchor: "child_born", repeat: "once" } },
    skipped("stopped"),
  ],
  ["nobody owns the customer", customer({ ownerId: null }), { go: false, to: "held", reason: "no_guide" }],
  ["another guide owns them", customer({ ownerId: 8 }), { ...tomorrow, reason: null, guideId: 8 }],
  [
    "another guide, on the last day",
    { ...customer({ ownerId: 8 }), task: lastDay },
    { ...tomorrow, releaseOn: today, reason: null, guideId: 8 },
  ],
  ["the guide left", { guideGone: true }, { go: false, to: "held", reason: "guide_left" }],
  ["the contact ended", { contactEnded: true }, skipped("not_a_friend")],
  ["the guide is on leave", { onLeave: true }, { ...tomorrow, releaseOn: today, reason: null }],
  [
    "on leave, on the last day",
    { onLeave: true, task: lastDay },
    { ...tomorrow, releaseOn: today, reason: null },
  ],
  ["declined, and nobody else", customer({ ownerId: null, declined: true }), skipped("transfer_declined")],
  [
    "declined, and the guide left",
    { ...customer({ declined: true }), guideGone: true },
    skipped("transfer_declined"),
  ],
  ["declined once, and another took over", customer({ declined: true }), { go: true }],
  ["a deputy stands in", standingIn(), { go: true }],
  ...(["onLeave", "guideGone", "contactEnded", "leaveOver"] as const).map(
    (fact): [string, Partial<SendFacts>, Verdict] => [
      `a deputy who may no longer: ${fact}`,
      standingIn({ [fact]: true }),
      { ...tomorrow, releaseOn: today, reason: null, guideId: 6 },
    ],
  ),
  [
    "a deputy, and the customer is another's by now",
    standingIn(customer({ ownerId: 8 })),
    { ...tomorrow, reason: null, guideId: 8 },
  ],
  [
    "a sibling of whom the words speak has another date",
    { trigger: { anchor: "child_born", repeat: "once" }, siblingsMoved: true },
    { ...tomorrow, reason: "anchor_corrected", mark: "child_born" },
  ],
  ["the anchor is gone", { anchor: null }, { go: false, to: "cancelled", reason: "anchor_corrected" }],
  [
    "the anchor moved",
    { anchor: { onDate: "2026-02-24", cycleOn: 0 } },
    { ...tomorrow, reason: "anchor_corrected", mark: "joined" },
  ],
  [
    "born meanwhile",
    { trigger: { anchor: "child_due", repeat: "once" }, born: true, anchor: null },
    { go: false, to: "cancelled", reason: "superseded" },
  ],
  ["not bought", bought(20260110), { go: true }],
  ["bought already", bought(20260301), skipped("bought_already")],
  ["no order at all any more", { ...bought(20260301), anchor: null }, skipped("bought_already")],
  ["the day is full", { sentToday: 1 }, { ...tomorrow, reason: "cap" }],
  ["the month is full", { sentThisMonth: 4 }, { ...tomorrow, reason: "cap" }],
  ["full, on the last day", { sentToday: 1, task: lastDay }, skipped("cap")],
])("%s", (_case, part, verdict) => {
  expect(recheck({ ...fine, ...part }, caps, today)).toEqual(verdict);
});
