// What replies each touchpoint brought lately, handed to those who decide what goes out when there is room for few.
import type { Store } from "../infra/store.js";
import { addDays, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { type Answers, putExpectations } from "../tasks/expected-replies.js";
import { sumOwn } from "./queries.js";
import { sharedTree } from "./shared-tree.js";

/** Figures this old still tell; younger than this many days they are not complete. */
const DAYS = 90;

/** Reckons what each touchpoint's follow-ups bring, from the brand's figures; gives how many touchpoints. */
export async function reckonExpectations({
  store,
  world,
  zone,
  replyWindowHours,
}: {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  replyWindowHours: number;
}): Promise<number> {
  const to: ShopDay = shopDayOf(world.now() - replyWindowHours * 3_600_000, zone);
  const tree = await sharedTree(store.read);
  const span = { from: addDays(to, -DAYS), to };
  const cells = await sumOwn<number>(store.read, tree, { kind: "brand" }, span, "touchpoint_id");
  const all: Answers[] = cells
    .filter(({ unit }) => unit > 0)
    .map(({ unit, observed, replied }) => ({
      ...{ touchpointId: Number(unit), observed: Number(observed), replied: Number(replied) },
    }));
  await store.write((sql) => putExpectations(sql, all));
  return all.length;
}
