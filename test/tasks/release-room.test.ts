// Room for one more follow-up: caps, what the channel lets a customer receive, the last of a month kept for the best;
// and of a scarce month, who goes.
import { expectationOf } from "../../src/tasks/expected-replies.js";
import { type CustomerCaps, type Had, roomOf } from "../../src/tasks/release-room.js";
import { type Candidate, decideRelease } from "../../src/tasks/release-rules.js";

const caps: CustomerCaps = {
  customerPerDay: 2,
  customerPerMonth: 10,
  receive: { perDay: 1, perMonth: 8, kept: 2 },
};
const map = (n: number) => new Map([[1, n]]);
const had = (today: number, month: number, received = { today: 0, month: 0, full: false }): Had => ({
  ...{ today: map(today), month: map(month), received: new Map([[1, received]]) },
});
const mass = { customerId: 1, priority: 0, byMass: true };
const page = { customerId: 1, priority: 0, byMass: false };
const promotion = { customerId: 1, priority: 3, byMass: false };
const full = { today: 0, month: 0, full: true };

it.each<[string, Had, typeof mass, string, string | null]>([
  ["room", had(1, 1), mass, "2026-03-10", null],
  ["a full day", had(2, 2), page, "2026-03-10", "cap"],
  ["a full month", had(0, 10), page, "2026-03-10", "cap"],
  [
    "a mass message today",
    had(1, 1, { today: 1, month: 1, full: false }),
    mass,
    "2026-03-10",
    "receive_limit",
  ],
  ["a mass message today, by page", had(1, 1, { today: 1, month: 1, full: false }), page, "2026-03-10", null],
  [
    "a month of mass messages",
    had(0, 1, { today: 0, month: 8, full: false }),
    mass,
    "2026-03-10",
    "receive_limit",
  ],
  ["WeCom's own no", had(0, 0, full), mass, "2026-03-10", "receive_limit"],
  ["WeCom's own no, by page", had(0, 0, full), page, "2026-03-10", null],
  ["the last two kept for better", had(0, 8), promotion, "2026-03-10", "cap"],
  ["one before those kept", had(0, 7), promotion, "2026-03-10", null],
  ["service takes those kept", had(0, 9), page, "2026-03-10", null],
  ["one day left: one is kept", had(0, 9), promotion, "2026-03-30", "cap"],
  ["one day left: the other is free", had(0, 8), promotion, "2026-03-30", null],
  ["the last day keeps nothing", had(0, 9), promotion, "2026-03-31", null],
  ["February ends on the 28th", had(0, 9), promotion, "2026-02-28", null],
])("%s", (_name, before, asking, today, lack) => {
  expect(roomOf(before, caps, today).lackFor(asking)).toBe(lack);
});

it("fills up as follow-ups are taken", () => {
  const room = roomOf(had(0, 0), caps, "2026-03-10");
  room.take(mass);
  expect([room.lackFor(mass), room.lackFor(page)]).toEqual(["receive_limit", null]);
  room.take(page);
  expect(room.lackFor(page)).toBe("cap");
});

describe("a scarce month", () => {
  const task = (id: number, rest: Partial<Candidate> = {}): Candidate => ({
    ...{ id, touchpointId: id, customerId: 1, guideId: 7, deputyOf: null, priority: 1 },
    ...{
      dueOn: `2026-03-0${id}`,
      expiresOn: "2026-03-20",
      aboutChild: false,
      speaksOfChildren: false,
      ...rest,
    },
  });
  const release = (month: number, ...candidates: Candidate[]) =>
    decideRelease(
      candidates,
      {
        customers: new Map([[1, { optedOut: false, stopped: false, declined: false }]]),
        ...{ endedContacts: new Set(), goneGuides: new Set(), onLeave: new Set(), guides: new Map() },
        ...had(0, month),
      },
      { customerPerDay: 1, customerPerMonth: 10, guidePerDay: 9 },
      "2026-03-10",
    ).released;

  it.each<[string, number, Candidate[], number[]]>([
    [
      "goes to whom most are expected to answer",
      9,
      [task(1, { expected: 100 }), task(2, { expected: 300 })],
      [2],
    ],
    [
      "but first to the better priority",
      9,
      [task(1, { expected: 1, priority: 0 }), task(2, { expected: 900 })],
      [1],
    ],
    ["with room the oldest goes first", 5, [task(1, { expected: 100 }), task(2, { expected: 300 })], [1]],
    ["nothing known, the oldest", 9, [task(1), task(2)], [1]],
  ])("%s", (_name, month, candidates, released) => {
    expect(release(month, ...candidates)).toEqual(released);
    expect(release(month, ...[...candidates].reverse())).toEqual(released);
  });
});

it("few sends say little: expectations lean towards the average", () => {
  const expected = expectationOf([
    { touchpointId: 1, observed: 1000, replied: 300 },
    { touchpointId: 2, observed: 2, replied: 2 },
    { touchpointId: 3, observed: 998, replied: 98 },
  ]);
  expect([...expected]).toEqual([
    [1, 297],
    [2, 250],
    [3, 101],
  ]);
  expect(expectationOf([{ touchpointId: 1, observed: 0, replied: 0 }]).get(1)).toBe(0);
});
