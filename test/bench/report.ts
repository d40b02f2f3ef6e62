// Figures at the reference size: the report service's answers beside the raw GROUP BY, at ten times the tasks, and
// what keeping the roll-ups costs.
import type { Viewer } from "../../src/identity/viewer.js";
import { addDays } from "../../src/kernel/calendar.js";
import { movableWorld, seeded } from "../../src/kernel/world.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import type { ReportAsk, ReportNode } from "../../src/reports/report.js";
import { type ReportService, reportService } from "../../src/reports/service.js";
import { type BenchDatabase, onDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import { type BrandSize, firstDay, makeBrand, makeDay, zone } from "./report-data.js";
import { rawAnswer } from "./report-raw.js";

const sizes: Record<harness.Mode, { small: BrandSize; large: BrandSize; marks: number }> = {
  full: {
    small: { tasks: 1_000_000, days: 90, guides: 10_000, stores: 4_000 },
    large: { tasks: 10_000_000, days: 90, guides: 10_000, stores: 4_000 },
    marks: 5_000,
  },
  ci: {
    small: { tasks: 20_000, days: 4, guides: 1_000, stores: 400 },
    large: { tasks: 200_000, days: 4, guides: 1_000, stores: 400 },
    marks: 500,
  },
};

const rounds = 25;
const viewer: Viewer = {
  accountId: 1,
  role: "hq",
  name: "总部",
  guideId: null,
  storeId: null,
  regionId: null,
};

/** A question of the bench; `bar` is the answer's limit, ms. */
interface Question {
  name: string;
  ask: Pick<ReportAsk, "by"> & { within?: ReportNode };
  bar?: number;
}

interface Filled {
  size: BrandSize;
  database: BenchDatabase;
  service: ReportService;
}

/** The bench. */
export const bench: harness.Bench = {
  name: "report",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const { small, large, marks } = sizes[mode];
    await onEachDatabase(out, async (database) => {
      out(`### ${database.title}: ${harness.round(large.tasks)} tasks, ${large.days} days`);
      await onDatabase(database.kind, async (second) => {
        const few = await fill(second, small, out);
        const many = await fill(database, large, out);
        await answer(few, many, bars, out);
        await upkeep(many, marks, bars, out);
      });
    });
    return bars.kept();
  },
};

async function fill(database: BenchDatabase, size: BrandSize, out: harness.Out): Promise<Filled> {
  const { store, title } = database;
  const made = await harness.timed(async () => {
    await makeBrand(store, size);
    for (let at = 0; at < size.days; at++) {
      await store.write((sql) => makeDay(sql, size, at));
      if (at % 10 === 9)
        harness.note(`${title}: ${at + 1} of ${size.days} days of ${harness.round(size.tasks)} tasks`);
    }
    for (const table of ["task", "message", "rollup_guide", "rollup_store", "rollup_region"])
      if (store.dialect.name === "mysql") await store.read.rows(`ANALYZE TABLE ${table}`);
  });
  const memory = harness.watchMemory();
  const built = await harness.timed(() =>
    rebuild({ store, zone }, (left) => {
      if (left % 10 === 0) harness.note(`${title}: roll-ups of ${left} days to go`);
    }),
  );
  const peak = memory.peak();
  memory.stop();
  const rows = await store.read.row<{ n: number }>(
    `SELECT (SELECT COUNT(*) FROM rollup_guide) + (SELECT COUNT(*) FROM rollup_store)
       + (SELECT COUNT(*) FROM rollup_region) AS n`,
  );
  const rate = (size.tasks / built.ms) * 1000;
  out(
    `\n${harness.round(size.tasks)} tasks made in ${harness.round(made.ms / 1000)} s; rebuilt by the product in ` +
      `${harness.round(built.ms / 1000)} s: ${harness.round(rate)} tasks/s, ${harness.round(rows?.n ?? 0)} roll-up rows, at most ${harness.round(peak)} MB of memory.`,
  );
  const now = Date.parse(`${addDays(firstDay, size.days)}T04:00:00Z`);
  const service = reportService({ store, world: movableWorld(now), replyWindowHours: 72 });
  return { database, size, service };
}

async function questions({ database }: Filled): Promise<Question[]> {
  const row = await database.store.read.row<{ area: number; store: number; top: number }>(
    `SELECT s.region_id AS area, s.id AS store, p.parent_id AS top FROM store s JOIN region r ON r.id = s.region_id
     JOIN region p ON p.id = r.parent_id WHERE p.parent_id = 3 ORDER BY s.id LIMIT 1`,
  );
  const { area, store, top } = row ?? { area: 0, store: 0, top: 0 };
  return [
    { name: "large regions", ask: { by: "region" }, bar: 50 },
    { name: "stores under one area", ask: { by: "below", within: { kind: "region", id: area } }, bar: 50 },
    { name: "guides under one store", ask: { by: "below", within: { kind: "store", id: store } }, bar: 50 },
    {
      name: "stores under one large region",
      ask: { by: "store", within: { kind: "region", id: top } },
      bar: 50,
    },
    { name: "the brand by day", ask: { by: "day" } },
    { name: "the brand by touchpoint", ask: { by: "touchpoint" } },
    { name: "one guide by day", ask: { by: "day", within: { kind: "guide", id: store } } },
  ];
}

/** Each question to both sizes in turn; then the raw answer to the same question once, and whether they agree. */
async function answer(few: Filled, many: Filled, bars: harness.Bars, out: harness.Out): Promise<void> {
  const span = { from: firstDay, to: addDays(firstDay, many.size.days - 1) };
  const asked = await questions(many);
  const asking = ({ ask }: Question, { service }: Filled) => service.report(viewer, { ...span, ...ask });
  const times = new Map<Question, { few: number; many: number }>();
  for (const one of asked) {
    await asking(one, many);
    const both = { few: () => asking(one, few), many: () => asking(one, many) };
    times.set(one, await harness.medianOfRounds(rounds, both));
  }
  const rows: (string | number)[][] = [];
  for (const one of asked) {
    const { rows: answers } = await asking(one, many);
    const took = times.get(one) ?? { few: 0, many: 0 };
    const raw = one.bar
      ? await harness.timed(() => rawAnswer(many.database.store.read, span, one.ask))
      : undefined;
    if (raw && !agrees(raw.value, answers))
      throw new Error(`${one.name}: the roll-ups and the tasks disagree`);
    harness.note(`${many.database.title}: ${one.name}: ${harness.round(took.many)} ms`);
    rows.push([one.name, answers.length, took.few, took.many, raw?.ms ?? "", raw ? raw.ms / took.many : ""]);
  }
  const [fewTasks, manyTasks] = [few, many].map(({ size }) => `${harness.round(size.tasks)} tasks, ms`);
  out(`\nMedians of ${rounds} interleaved rounds; the raw GROUP BY once.`);
  const head = ["asked", "rows", fewTasks ?? "", manyTasks ?? "", "raw GROUP BY, ms", "raw ÷ roll-ups"];
  harness.table(out, head, rows);
  for (const one of asked.filter(({ bar }) => bar)) {
    const took = times.get(one) ?? { few: 0, many: 0 };
    bars.atMost(`${many.database.title}, ${one.name}`, took.many, one.bar ?? 0, "ms");
    bars.atMost("the same ÷ at a tenth of the tasks", took.many / took.few, 1.5, "×");
  }
}

function agrees(
  raw: Map<number, string>,
  rows: readonly { id: number | null; issued: number; replied: number }[],
) {
  return rows.every((row) => (raw.get(row.id ?? 0) ?? "0/0") === `${row.issued}/${row.replied}`);
}

/** Marks of guides drawn from the last days, worked off while another writer keeps asking for its turn. */
async function upkeep({ database, size }: Filled, n: number, bars: harness.Bars, out: harness.Out) {
  const { store, title } = database;
  const random = seeded(7);
  const draw = (most: number) => Math.floor(random() * most);
  const rows: (string | number)[][] = [];
  const judged: (() => void)[] = [];
  const spans: [name: string, days: number][] = [
    ["of one day", 1],
    ["of the last four days", Math.min(4, size.days)],
  ];
  for (const [name, days] of spans) {
    await store.write(async (sql) => {
      for (let i = 0; i < n; i++)
        await sql.run("INSERT INTO rollup_mark (on_day, guide_id) VALUES (?, ?)", [
          addDays(firstDay, size.days - 1 - draw(days)),
          draw(size.guides) + 1,
        ]);
    });
    const loop = harness.watchLoop();
    const waits = keepWriting(database);
    const { ms, value } = await harness.timed(() => refreshMarked({ store, zone }));
    const waited = await waits.stop();
    const late = (await loop.stop()).worst;
    rows.push([`${harness.round(value)} marks ${name}`, ms, ms / value, waited, late]);
    const worst = Math.max(waited, late);
    judged.push(() =>
      bars.atMost(`${title}, others wait while marks ${name} are worked off`, worst, 50, "ms"),
    );
  }
  harness.table(
    out,
    ["refresh", "ms", "ms a mark", "another writer waited at most, ms", "event loop late at most, ms"],
    rows,
  );
  for (const judge of judged) judge();
}

/** A small transaction every few milliseconds; `stop` tells the longest one took. */
function keepWriting({ store }: BenchDatabase): { stop(): Promise<number> } {
  let worst = 0;
  let going = true;
  const loop = (async () => {
    while (going) {
      const { ms } = await harness.timed(() =>
        store.write((sql) => sql.run("UPDATE store SET name = 'x' WHERE id = 1")),
      );
      worst = Math.max(worst, ms);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
      return worst;
    },
  };
}
