// Members of the corp as guides: one we do not know becomes a guide of a store to be named; one who has left has left.
import type { Directory } from "../channels/directory.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { Placed } from "../infra/upserts.js";
import { shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { guideIds } from "../org/queries.js";
import { writeGuides, writeStores } from "../org/service.js";
import type { GuideRow } from "../org/tables.js";
import { patiently } from "./patience.js";

export interface ContactParts {
  store: Store;
  world: World;
  zone: string;
  log: Pick<Logger, "warn" | "info">;
  directory: Directory;
  /** hears whom the directory told of, by external id, once they are written; undefined: of everybody */
  onKnown?: (externalUserids?: readonly string[]) => Promise<unknown>;
}

/** Where members stand of whom nobody has said which store is theirs. */
export const NO_STORE = { code: "unassigned", name: "未分配门店", region: "未分配" } as const;

/** Guide ids by userid in small letters: the chat system does not tell capitals apart. */
export type GuideFinder = (userid: string) => number | undefined;

/** Every guide there is. */
export async function guideFinder({ store }: Pick<ContactParts, "store">): Promise<GuideFinder> {
  const ids = new Map([...(await guideIds(store.read))].map(([userid, id]) => [userid.toLowerCase(), id]));
  return (userid) => ids.get(userid.toLowerCase());
}

/** Makes guides of members we do not know, under their names where the app may read them. Gives how many. */
export async function addMembers(parts: ContactParts, userids: readonly string[]): Promise<number> {
  const find = await guideFinder(parts);
  const strangers = userids.filter((userid) => find(userid) === undefined);
  if (strangers.length === 0) return 0;
  const rows: Placed<GuideRow>[] = [];
  for (const [index, userid] of strangers.entries()) {
    const name = await patiently(parts.world, () => parts.directory.memberName(userid));
    const row = {
      userid,
      name: name ?? userid,
      storeCode: NO_STORE.code,
      joinedOn: undefined,
      leftOn: undefined,
    };
    rows.push({ row, where: "members", line: index + 1 });
  }
  const place = { code: NO_STORE.code, name: NO_STORE.name, regions: [NO_STORE.region] };
  await parts.store.write(async (sql) => {
    await writeStores(sql, [{ row: place, where: "members", line: 1 }]);
    await writeGuides(sql, rows);
  });
  return strangers.length;
}

/** Members who have left have left: their customers wait to be handed over. Gives how many we did not know of. */
export async function markLeavers(
  { store, zone }: Pick<ContactParts, "store" | "zone">,
  leavers: readonly { userid: string; leftAt: number }[],
): Promise<number> {
  const find = await guideFinder({ store });
  let marked = 0;
  for (const { userid, leftAt } of leavers) {
    const id = find(userid);
    if (id === undefined) continue;
    const day = shopDayOf(leftAt, zone);
    const change = "UPDATE guide SET left_on = ? WHERE id = ? AND (left_on IS NULL OR left_on > ?)";
    marked += (await store.write((sql) => sql.run(change, [day, id, day]))).affected;
  }
  return marked;
}
