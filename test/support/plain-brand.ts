// A brand whose places, people and words are ASCII, with every kind of touchpoint and some of what goes wrong: whatever
// Chinese its pages show in English is ours.
import { jobBoard } from "../../src/schedule/board.js";
import { jobsOf } from "../../src/schedule/jobs.js";
import { type Names, openStage, type RouteStage } from "../routes/stage.js";
import { type RouteLine, routeTable } from "../routes/table.js";

const NAMES: Names = {
  regions: ["East", "South"],
  stores: ["Hill Shop", "River Shop"],
  guides: ["Lan", "Mei", "Ying"],
  ...{ customer: "Mum ", journey: "Care", touchpoint: "Day 3", hello: "Hello, " },
};

const words = "Hello, {{customer.name}}{{#if child.name}}, how is {{child.name}}{{/if}}?";
const TOUCHPOINTS = [
  { key: "added", name: "Added", after: "guide_assigned", days: 7, send: "mass", words: "Hello" },
  {
    key: "first",
    name: "First order",
    after: "first_order",
    days: 1,
    send: "page",
    words,
    priority: "service",
  },
  {
    ...{ key: "silent", name: "Silent", after: "last_order", days: 45, repeat: "each", send: "mass" },
    audience: { all: [{ level: ["gold"] }, { not: { tag: ["vip"] } }], orders: { at_least: 2 } },
    ...{ hold_out: 20, priority: "churn", experiment: { days: 7 } },
    variants: ["plain", "warm"].map((key) => ({ key, share: 50, words: `Hello, ${key}` })),
  },
  { key: "due", name: "Due soon", before: "child_due", weeks: 3, send: "page", words },
  { key: "month-6", name: "Six months", after: "child_born", months: 6, send: "page", words },
  { key: "party", name: "Party", after: "child_born", days: 0, repeat: "yearly", send: "page", words },
  {
    key: "birthday",
    name: "Birthday",
    after: "customer_birthday",
    days: 0,
    repeat: "yearly",
    send: "page",
    words,
  },
  { key: "risk", name: "At risk", after: "at_risk", days: 0, repeat: "each", send: "page", words },
  { key: "sale", name: "Sale", before: "06-18", days: 10, spread_days: 5, send: "mass", words: "Hello" },
  {
    ...{ key: "visit", name: "Visit", after: "joined", days: 10, grace_days: 7, send: "hand" },
    form: { outcomes: ["came", "absent"], tags: ["vip"], next_touch: true },
  },
  {
    ...{ key: "ask", name: "Ask", after: "joined", days: 3, grace_days: 7, send: "hand" },
    ...{ audience: { lacks: "child.due_on" }, ask: "child.born_on" },
  },
];

/** The brand after a morning: some tasks done, some failed, every timed job run once. */
export async function openPlainBrand(): Promise<RouteStage> {
  const stage = await openStage(NAMES);
  const { services } = stage;
  await services.drafts.save("all", { key: "all", name: "All kinds", touchpoints: TOUCHPOINTS }, "system");
  await services.drafts.publish("all", { yes: true, by: "system", insideGrace: true });
  for (const route of ["POST /operations/tasks/again", "POST /operations/tasks/close"])
    await lineOf(route).ask?.(stage, stage.places.own);
  await services.customers.push("children", [
    { external_userid: "lan-1", child_no: 1, name: "Bean", born_on: "2025-09-05" },
    { external_userid: "lan-2", child_no: 1, due_on: "2025-03-05" },
    { external_userid: "lan-3", child_no: 1, born_on: "2999-09-05" },
  ]);
  await runEveryJob(stage);
  return stage;
}

async function runEveryJob({ services, store }: RouteStage): Promise<void> {
  const { world, log, config } = services;
  const jobs = jobsOf(services);
  services.timed.board = jobBoard({ store, world, log, zone: config.zone }, jobs);
  for (const { name } of jobs) await services.timed.board.runNow(name, "system").then(({ ended }) => ended);
}

function lineOf(route: string): RouteLine {
  const line = routeTable().find((one) => one.route === route);
  if (!line) throw new Error(`no route ${route}`);
  return line;
}
