// Which limits the forecast of a draft names for what is put off.
import { whyPutOff } from "../../../src/console/journeys/publish-forecast.js";

const caps = { customer_per_day: 1, customer_per_month: 12, guide_per_day: 60 };
const none = { put_off: 0, skipped: 0 };
const full = { guide: "lan", name: "兰兰", on: "2026-03-09", tasks: 70, cap: 60 };

it.each([
  ["nothing put off", none, none, [], [], null],
  ["customers alone", { put_off: 788, skipped: 0 }, none, [], [], { day: "1", month: "12", byGuides: false }],
  ["some only now", none, { put_off: 3, skipped: 1 }, [], [], { day: "1", month: "12", byGuides: false }],
  ["guides too", { put_off: 9, skipped: 0 }, none, [full], [], { day: "1", month: "12", byGuides: true }],
  [
    "guides only now",
    none,
    { put_off: 3, skipped: 0 },
    [],
    [full],
    { day: "1", month: "12", byGuides: true },
  ],
])("%s", (_what, draft, live, overloaded, now, why) => {
  const found = whyPutOff({ caps: draft, live: { caps: live, overloaded: now }, overloaded }, caps);
  expect(found).toEqual(why);
});
