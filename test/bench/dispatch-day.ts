// A whole day of the reference brand: every customer's task planned, released, offered, handed over, confirmed and read.
import { minute, monday } from "../support/task-stand.js";
import type { BenchDatabase } from "./databases.js";
import { confirmAll, type DispatchSize, expectSent, fillPeople, sandboxWith } from "./dispatch-data.js";
import { type Bars, note, type Out, table, timed } from "./harness.js";
import { startRemote } from "./remote.js";

/** Bars: 15 minutes for all of it, 300 MB at the most. The work is done in a process of its own, people act in another. */
export async function measureDay(
  { store, title, url }: BenchDatabase,
  size: DispatchSize,
  judged: Bars,
  out: Out,
): Promise<void> {
  note(`${title}: a day of ${size.tasks} tasks`);
  await fillPeople(store, size);
  const { sandbox, url: base } = await sandboxWith(size);
  const worker = startRemote("dispatch-day-work.js");
  const rows: (string | number)[][] = [];
  let whole = 0;
  const step = async (what: string, work: () => Promise<unknown>) => {
    const { ms } = await timed(work);
    const peak = await worker.call<number>("peak");
    whole += ms;
    note(`${title}: ${what}: ${Math.round(ms / 1000)} s, ${Math.round(peak)} MB`);
    rows.push([title, what, ms / 1000, (size.tasks * 1000) / ms, peak]);
  };
  try {
    await worker.call("open", url, base);
    for (const what of ["planned", "released", "offered and told", "handed over"])
      await step(what, () => worker.call("work", what, monday));
    await sandbox.call("clock", monday + minute);
    await step("confirmed by guides, in the sandbox", () => confirmAll(sandbox, store));
    await sandbox.call("clock", monday + 10 * minute);
    await step("read and settled", () => worker.call("work", "read and settled", monday + 10 * minute));
    await worker.call("work", "read and settled", monday + 40 * minute);
    await expectSent(store, size);
    rows.push([title, "all", whole / 1000, (size.tasks * 1000) / whole, await worker.call<number>("peak")]);
    table(out, ["database", `${size.tasks} tasks`, "s", "a second", "peak MB"], rows);
    judged.atMost(`${title}: the day's ${size.tasks} tasks`, whole / 1000, 900, "s");
    judged.atMost(`${title}: memory of the day`, Number(rows.at(-1)?.at(-1)), 300, "MB");
  } finally {
    await Promise.all([worker.kill(), sandbox.kill()]);
  }
}
