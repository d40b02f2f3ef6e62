// Who goes today: ranks, caps, refusals as a table; and for any day, caps kept, rank respected, everybody accounted for.
import fc from "fast-check";
import type { Reason } from "../../src/tasks/life.js";
import {
  type Candidate,
  type Caps,
  type CustomerFlags,
  decideRelease,
  type People,
  type Release,
} from "../../src/tasks/release-rules.js";

const today = "2026-03-02";
const caps: Caps = { customerPerDay: 1, customerPerMonth: 3, guidePerDay: 2 };

function task(id: number, rest: Partial<Candidate> = {}): Candidate {
  const days = { dueOn: today, expiresOn: "2026-03-05" };
  const plain = { touchpointId: 1, deputyOf: null, aboutChild: false, speaksOfChildren: false };
  return { id, customerId: 100 + id, guideId: 1, priority: 1, ...days, ...plain, ...rest };
}

function people(rest: Partial<People> = {}): People {
  const ids = Array.from({ length: 30 }, (_, at) => 100 + at);
  return {
    customers: new Map(ids.map((id) => [id, { optedOut: false, stopped: false, declined: false }])),
    ...{ endedContacts: new Set<string>(), goneGuides: new Set<number>(), onLeave: new Set<number>() },
    ...{
      today: new Map<number, number>(),
      month: new Map<number, number>(),
      guides: new Map<number, number>(),
    },
    ...rest,
  };
}

/** Where each task went, by id. */
function fates({ released, tomorrow, skipped, held, merged, returned }: Release): Map<number, string> {
  const all: [number, string][] = [
    ...released.map((id): [number, string] => [id, "released"]),
    ...tomorrow.map((id): [number, string] => [id, "tomorrow"]),
    ...returned.map((id): [number, string] => [id, "returned"]),
    ...[...merged].flatMap(([lead, ids]) => ids.map((id): [number, string] => [id, `with ${lead}`])),
    ...[...skipped, ...held].flatMap(([reason, ids]) => ids.map((id): [number, string] => [id, reason])),
  ];
  expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
  return new Map(all.sort(([a], [b]) => a - b));
}

const one = (rest: Partial<Candidate>) => [task(1, rest)];
const customer = (is: Partial<CustomerFlags>, rest: Partial<People> = {}) =>
  people({
    customers: new Map([[101, { optedOut: false, stopped: false, declined: false, ...is }]]),
    ...rest,
  });
/** Guide 1 stands in for 9. */
const standingIn = one({ deputyOf: 9 });
const away = (...guides: number[]) => ({ onLeave: new Set(guides) });
/** Of one touchpoint for one customer, about a child, in words that can speak of several. */
const twin = (id: number, rest: Partial<Candidate> = {}) =>
  task(id, { customerId: 101, aboutChild: true, speaksOfChildren: true, ...rest });

describe("release", () => {
  it.each<[string, Candidate[], People, Record<number, string>]>([
    ["nothing in the way", one({}), people(), { 1: "released" }],
    ["opted out", one({}), customer({ optedOut: true }), { 1: "opted_out" }],
    ["stopped, about a child", one({ aboutChild: true }), customer({ stopped: true }), { 1: "stopped" }],
    ["stopped, about themself", one({}), customer({ stopped: true }), { 1: "released" }],
    ["erased", one({}), people({ customers: new Map() }), { 1: "erased" }],
    ["nobody's customer", one({ guideId: null }), people(), { 1: "no_guide" }],
    ["guide gone", one({}), people({ goneGuides: new Set([1]) }), { 1: "guide_left" }],
    ["no friend any more", one({}), people({ endedContacts: new Set(["101 1"]) }), { 1: "not_a_friend" }],
    ["another's ended contact", one({}), people({ endedContacts: new Set(["101 2"]) }), { 1: "released" }],
    ["had one today", one({}), people({ today: new Map([[101, 1]]) }), { 1: "tomorrow" }],
    ["had all of the month", one({}), people({ month: new Map([[101, 3]]) }), { 1: "tomorrow" }],
    ["room left in the month", one({}), people({ month: new Map([[101, 2]]) }), { 1: "released" }],
    ["the guide's day is full", one({}), people({ guides: new Map([[1, 2]]) }), { 1: "tomorrow" }],
    [
      "tomorrow is its last day",
      one({ expiresOn: "2026-03-03" }),
      people({ today: new Map([[101, 1]]) }),
      { 1: "tomorrow" },
    ],
    ["its grace ends today", one({ expiresOn: today }), people({ today: new Map([[101, 1]]) }), { 1: "cap" }],
    [
      "one customer's: priority first",
      [task(1, { customerId: 101, priority: 2 }), task(2, { customerId: 101, priority: 0 })],
      people(),
      { 1: "tomorrow", 2: "released" },
    ],
    [
      "then the earlier due day",
      [task(1, { customerId: 101 }), task(2, { customerId: 101, dueOn: "2026-03-01" })],
      people(),
      { 1: "tomorrow", 2: "released" },
    ],
    [
      "then the id",
      [task(2, { customerId: 101 }), task(1, { customerId: 101 })],
      people(),
      { 1: "released", 2: "tomorrow" },
    ],
    [
      "one guide's: priority first",
      [task(1, { priority: 3 }), task(2), task(3, { priority: 0 })],
      people(),
      { 1: "tomorrow", 2: "released", 3: "released" },
    ],
    [
      "who may not go takes nobody's room",
      [task(1, { customerId: 101, guideId: null, priority: 0 }), task(2, { customerId: 101 })],
      people(),
      { 1: "no_guide", 2: "released" },
    ],
    ["the guide is on leave", one({}), people(away(1)), { 1: "tomorrow" }],
    ["on leave to the end of its grace", one({ expiresOn: today }), people(away(1)), { 1: "no_guide" }],
    ["opted out, and the guide on leave", one({}), customer({ optedOut: true }, away(1)), { 1: "opted_out" }],
    [
      "who waits for a guide on leave takes nobody's room",
      [task(1, { customerId: 101, priority: 0 }), task(2, { customerId: 101, guideId: 2 })],
      people(away(1)),
      { 1: "tomorrow", 2: "released" },
    ],
    ["a deputy stands in", standingIn, people(away(9)), { 1: "released" }],
    [
      "the deputy's day is full",
      standingIn,
      people({ ...away(9), guides: new Map([[1, 2]]) }),
      { 1: "tomorrow" },
    ],
    ["the owner is back", standingIn, people(), { 1: "returned" }],
    ["the deputy is on leave too", standingIn, people(away(9, 1)), { 1: "returned" }],
    ["the deputy left", standingIn, people({ ...away(9), goneGuides: new Set([1]) }), { 1: "returned" }],
    ["the owner left", standingIn, people({ ...away(9), goneGuides: new Set([9]) }), { 1: "returned" }],
    [
      "the deputy is no friend any more",
      standingIn,
      people({ ...away(9), endedContacts: new Set(["101 1"]) }),
      { 1: "returned" },
    ],
    [
      "the owner is no friend, the deputy is",
      standingIn,
      people({ ...away(9), endedContacts: new Set(["101 9"]) }),
      { 1: "released" },
    ],
    ["declined, nobody's", one({ guideId: null }), customer({ declined: true }), { 1: "transfer_declined" }],
    [
      "declined, guide gone",
      one({}),
      customer({ declined: true }, { goneGuides: new Set([1]) }),
      { 1: "transfer_declined" },
    ],
    ["declined once, with a guide again", one({}), customer({ declined: true }), { 1: "released" }],
    ["twins", [twin(1), twin(2)], people(), { 1: "released", 2: "with 1" }],
    [
      "three of them, one due before",
      [twin(1), twin(2, { dueOn: "2026-03-01" }), twin(3)],
      people(),
      { 1: "with 2", 2: "released", 3: "with 2" },
    ],
    [
      "twins, in words of one child",
      [twin(1), twin(2)].map((one) => ({ ...one, speaksOfChildren: false })),
      people(),
      { 1: "released", 2: "tomorrow" },
    ],
    [
      "siblings of two touchpoints",
      [twin(1), twin(2, { touchpointId: 2 })],
      people(),
      { 1: "released", 2: "tomorrow" },
    ],
    [
      "two customers' children",
      [twin(1), twin(2, { customerId: 102 })],
      people(),
      { 1: "released", 2: "released" },
    ],
    [
      "twins without room for the day",
      [twin(1), twin(2)],
      people({ today: new Map([[101, 1]]) }),
      { 1: "tomorrow", 2: "tomorrow" },
    ],
    [
      "twins without room with the guide",
      [twin(1), twin(2)],
      people({ guides: new Map([[1, 2]]) }),
      { 1: "tomorrow", 2: "tomorrow" },
    ],
    [
      "twins in the last room there is, at the end of their grace",
      [twin(1, { expiresOn: today }), twin(2, { expiresOn: today }), task(3, { customerId: 103 })],
      people({ guides: new Map([[1, 1]]), month: new Map([[101, 2]]) }),
      { 1: "released", 2: "with 1", 3: "tomorrow" },
    ],
    [
      "twins count once: another of the customer's waits, another customer's goes",
      [twin(1), twin(2), task(3, { customerId: 101 }), task(4)],
      people(),
      { 1: "released", 2: "with 1", 3: "tomorrow", 4: "released" },
    ],
    [
      "a higher one goes before twins",
      [task(9, { customerId: 101, priority: 0 }), twin(1), twin(2)],
      people(),
      { 1: "tomorrow", 2: "tomorrow", 9: "released" },
    ],
    [
      "twins of a customer who was stopped",
      [twin(1), twin(2)],
      customer({ stopped: true }),
      { 1: "stopped", 2: "stopped" },
    ],
    [
      "what its guide has no room for keeps its customer's place",
      [task(1, { customerId: 101, guideId: 1 }), task(2, { customerId: 101, guideId: 2 })],
      people({ guides: new Map([[1, 2]]) }),
      { 1: "tomorrow", 2: "tomorrow" },
    ],
  ])("%s", (_name, candidates, about, expected) => {
    expect(Object.fromEntries(fates(decideRelease(candidates, about, caps, today)))).toEqual(expected);
  });

  const few = (max: number) => fc.integer({ min: 0, max });
  const candidate = fc.record({
    customerId: few(6),
    guideId: fc.option(few(3)),
    priority: few(3),
    dueOn: fc.constantFrom("2026-02-27", "2026-03-01", today),
    expiresOn: fc.constantFrom(today, "2026-03-03", "2026-03-09"),
    aboutChild: fc.boolean(),
    touchpointId: few(2),
    deputyOf: fc.option(few(3), { freq: 5 }),
    speaksOfChildren: fc.boolean(),
  });
  const counts = (keys: number, most: number) =>
    fc.array(fc.tuple(few(keys), few(most))).map((pairs) => new Map(pairs));
  const anybody = fc.record({
    customers: fc
      .array(fc.record({ optedOut: fc.boolean(), stopped: fc.boolean(), declined: fc.boolean() }), {
        minLength: 5,
        maxLength: 7,
      })
      .map((all) => new Map(all.map((flags, id) => [id, flags]))),
    endedContacts: fc
      .array(fc.tuple(few(6), few(3)))
      .map((pairs) => new Set(pairs.map((pair) => pair.join(" ")))),
    goneGuides: fc.array(few(3), { maxLength: 1 }).map((ids) => new Set(ids)),
    onLeave: fc.array(few(3), { maxLength: 2 }).map((ids) => new Set(ids)),
    today: counts(6, 2),
    month: counts(6, 5),
    guides: counts(3, 6),
  });
  const limits = fc.record({ customerPerDay: few(2), customerPerMonth: few(6), guidePerDay: few(8) });

  it("keeps every cap, respects the rank, accounts for every task once", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40 }), anybody, limits, (drawn, about, most) => {
        const candidates = drawn.map((one, id) => ({ ...one, id }));
        const release = decideRelease(candidates, about, most, today);
        const fate = fates(release);
        expect(fate.size).toBe(candidates.length);
        const given = candidates.filter(({ id }) => fate.get(id) === "released");
        const expectWithin = (
          had: ReadonlyMap<number, number>,
          cap: number,
          of: (one: Candidate) => number,
        ) => {
          for (const one of given) {
            const now = given.filter((other) => of(other) === of(one)).length;
            expect((had.get(of(one)) ?? 0) + now).toBeLessThanOrEqual(cap);
          }
        };
        expectWithin(about.today, most.customerPerDay, ({ customerId }) => customerId);
        expectWithin(about.month, most.customerPerMonth, ({ customerId }) => customerId);
        expectWithin(about.guides, most.guidePerDay, ({ guideId }) => guideId ?? -1);
        expectRank(candidates, fate, (one) => one.customerId);
      }),
      { numRuns: 300 },
    );
  });

  it("decides the same in whatever order the tasks come", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 20 }), anybody, limits, (drawn, about, most) => {
        const candidates = drawn.map((one, id) => ({ ...one, id }));
        const back = fates(decideRelease([...candidates].reverse(), about, most, today));
        expect(back).toEqual(fates(decideRelease(candidates, about, most, today)));
      }),
      { numRuns: 100 },
    );
  });

  it("fills what room there is", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40 }), (drawn) => {
        const candidates = drawn.map((one, id) => ({
          ...one,
          ...{ id, customerId: 100 + (id % 30), guideId: 1, deputyOf: null, speaksOfChildren: false },
        }));
        const most = { customerPerDay: 9, customerPerMonth: 9, guidePerDay: 10 };
        const { released } = decideRelease(candidates, people(), most, today);
        expect(released).toHaveLength(Math.min(10, candidates.length));
      }),
    );
  });
});

const rankOf = ({ priority, dueOn, id }: Candidate) => `${priority} ${dueOn} ${String(id).padStart(4, "0")}`;
/** Reasons that have nothing to do with room. */
const REFUSED: readonly (Reason | undefined | string)[] = [
  ...[
    "erased",
    "opted_out",
    "stopped",
    "no_guide",
    "guide_left",
    "not_a_friend",
    "transfer_declined",
    "returned",
  ],
];

/** Of one customer's tasks with one guide none goes while a higher one that may go stays. */
function expectRank(
  candidates: readonly Candidate[],
  fate: ReadonlyMap<number, string>,
  of: (one: Candidate) => number,
): void {
  for (const one of candidates.filter(({ id }) => fate.get(id) === "released"))
    for (const other of candidates) {
      if (of(other) !== of(one) || other.guideId !== one.guideId || rankOf(other) >= rankOf(one)) continue;
      if (!REFUSED.includes(fate.get(other.id))) expect(fate.get(other.id)).toMatch(/^(released|with \d+)$/);
    }
}
