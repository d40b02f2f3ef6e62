// A forecast put together day by day, under names people know.
import type { Sql } from "../../infra/store.js";
import { variableOf } from "../../journeys/words.js";
import type { ShopDay } from "../../kernel/calendar.js";
import type { Owned } from "../plan-reads.js";
import type { DueCount } from "./counts.js";
import type { ForeseenDay } from "./days.js";
import { type GuideName, guideNames, type TouchpointName, topRegions, touchpointNames } from "./places.js";
import { type Forecast, type ForecastLine, Lines, type Missing, type Overload, sumOf } from "./shape.js";
import { loadsOf, tallyOf } from "./tally.js";

interface Names {
  touchpoints: Map<number, TouchpointName>;
  guides: Map<number, GuideName>;
  topOf: (regionId: number | null) => string | null;
}

/** Takes days one by one; `cap`: tasks a guide may have a day. */
export class Gathering {
  private readonly lines = new Lines();
  private readonly overloaded: Overload[] = [];
  private readonly lacking = new Map<number, Map<string, number>>();
  private readonly due = new Map<number, number>();
  private putOff = 0;
  private names: Names | undefined;

  constructor(private readonly cap: number) {}

  /** A day gone through by the passes. */
  async foreseen(day: ForeseenDay): Promise<void> {
    const { on, setup, lacking } = day;
    const names = await this.namesBy(setup.store.read);
    const rows = await tallyOf(day);
    for (const { touchpointId, ownerRegionId, regionId, ...counts } of inOrder(rows, names)) {
      const { planned, held_out, held, ...done } = counts;
      const place = (id: number | null) => placeOf(names, on, touchpointId, names.topOf(id));
      this.lines.add(place(ownerRegionId), { planned, held_out, held });
      this.lines.add(place(regionId), done);
      this.due.set(touchpointId, (this.due.get(touchpointId) ?? 0) + planned - held_out);
    }
    for (const { touchpointId, variable, tasks } of lacking) {
      const of = this.lacking.get(touchpointId) ?? new Map<string, number>();
      this.lacking.set(touchpointId, of.set(variable, (of.get(variable) ?? 0) + tasks));
    }
    const { putOff, loads } = await loadsOf(
      day,
      rows.some((row) => row.skipped_by_cap > 0),
    );
    this.putOff += putOff;
    for (const { guideId, released, waiting } of loads)
      if (released >= this.cap) this.overload(names, on, guideId, released + waiting);
  }

  /** A day of which only what is due was counted. */
  async counted(on: ShopDay, counts: readonly DueCount[], sql: Sql): Promise<void> {
    const names = await this.namesBy(sql);
    const loads = new Map<number, number>();
    for (const { touchpointId, open, heldOut } of inOrder(counts, names)) {
      const place = (region: string | null) => placeOf(names, on, touchpointId, region);
      for (const [region, n] of byRegion(open, names, loads)) this.lines.add(place(region), { planned: n });
      for (const [region, n] of byRegion(heldOut, names))
        this.lines.add(place(region), { planned: n, held_out: n });
    }
    for (const [id, n] of [...loads].sort(([a], [b]) => a - b))
      if (n > this.cap) this.overload(names, on, id, n);
  }

  /** All that was taken in. */
  told(): Pick<Forecast, "days" | "overloaded" | "missing" | "caps"> {
    const days = this.lines.all();
    const caps = { put_off: this.putOff, skipped: sumOf(days).skipped_by_cap };
    return { days, overloaded: this.overloaded, missing: this.missing(), caps };
  }

  private missing(): Missing[] {
    return [...this.lacking].flatMap(([touchpointId, variables]) =>
      [...variables].map(([variable, customers]) => ({
        ...nameOf(this.names, touchpointId),
        ...{ variable, label: variableOf(variable)?.label ?? variable },
        ...{ customers, of: this.due.get(touchpointId) ?? 0 },
      })),
    );
  }

  private overload(names: Names, on: ShopDay, guideId: number, tasks: number): void {
    const { guide = `${guideId}`, name = "" } = names.guides.get(guideId) ?? {};
    this.overloaded.push({ guide, name, on, tasks, cap: this.cap });
  }

  private async namesBy(sql: Sql): Promise<Names> {
    this.names ??= {
      touchpoints: await touchpointNames(sql),
      guides: await guideNames(sql),
      topOf: await topRegions(sql),
    };
    return this.names;
  }
}

/** Tasks by the top region of their guides; `loads` gains each guide's. */
function byRegion(
  { n, guides }: Owned,
  names: Names,
  loads?: Map<number, number>,
): Map<string | null, number> {
  const byGuide = new Map<number, number>();
  for (const id of guides) byGuide.set(id, (byGuide.get(id) ?? 0) + 1);
  const regions = new Map<string | null, number>();
  const add = (region: string | null, tasks: number) =>
    regions.set(region, (regions.get(region) ?? 0) + tasks);
  for (const [id, tasks] of byGuide) {
    add(names.topOf(names.guides.get(id)?.regionId ?? null), tasks);
    loads?.set(id, (loads.get(id) ?? 0) + tasks);
  }
  if (n > guides.length) add(null, n - guides.length);
  return regions;
}

function inOrder<T extends { touchpointId: number }>(rows: readonly T[], { touchpoints }: Names): T[] {
  const order = ({ touchpointId }: T) => touchpoints.get(touchpointId)?.order ?? 0;
  return [...rows].sort((a, b) => order(a) - order(b));
}

function nameOf(
  names: Names | undefined,
  touchpointId: number,
): Pick<ForecastLine, "touchpoint" | "journey"> {
  const { touchpoint = `${touchpointId}`, journey = "" } = names?.touchpoints.get(touchpointId) ?? {};
  return { touchpoint, journey };
}

function placeOf(names: Names, on: ShopDay, touchpointId: number, region: string | null) {
  return { on, ...nameOf(names, touchpointId), region };
}
