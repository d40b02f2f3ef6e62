// What touchpoints change, reckoned once a night and kept: counting it reads every occurrence and its orders.
import type { Store } from "../../infra/store.js";
import type { World } from "../../kernel/world.js";
import type { ExperimentService } from "./service.js";

/** Reckons the uplift of every touchpoint that has or had a hold-out; gives how many. */
export async function reckonUplift({
  store,
  world,
  experiments,
}: {
  store: Store;
  world: Pick<World, "now">;
  experiments: Pick<ExperimentService, "league">;
}): Promise<number> {
  const lines = await experiments.league();
  const ids = await touchpointIds(store);
  const at = world.now();
  await store.write(async (sql) => {
    await sql.run("DELETE FROM touchpoint_uplift");
    for (const line of lines) {
      const id = ids.get(line.key);
      if (id === undefined) continue;
      await sql.run("INSERT INTO touchpoint_uplift (touchpoint_id, reckoned_at, figures) VALUES (?, ?, ?)", [
        ...[id, at, JSON.stringify(line)],
      ]);
    }
  });
  return lines.length;
}

async function touchpointIds(store: Store): Promise<Map<string, number>> {
  const rows = await store.read.rows<{ id: number; journeyKey: string; touchpointKey: string }>(
    `SELECT t.id, j.journey_key AS journeyKey, t.touchpoint_key AS touchpointKey
     FROM touchpoint t JOIN journey j ON j.id = t.journey_id`,
  );
  return new Map(rows.map(({ id, journeyKey, touchpointKey }) => [`${journeyKey}/${touchpointKey}`, id]));
}
