// Telling guides: the day's card after the list was made, and again where the first try got no further.
import PQueue from "p-queue";
import { type Channel, ChannelError, type GuideNote } from "../channels/port.js";
import { chunked } from "../infra/batches.js";
import type { ShopDay } from "../kernel/calendar.js";
import { guidesOf } from "./facts.js";
import { listLines } from "./listing.js";
import type { ListLine, TaskSetup } from "./setup.js";

const WIDTH = 8;
/** Guides whose lists are read together: few enough that a card still says what holds. */
const CHUNK = 40;

/** Tells every guide whose list of the day was made and not told; gives how many were told. */
export async function tellLists(setup: TaskSetup, today: ShopDay): Promise<number> {
  const { store } = setup;
  const waiting = await store.read.rows<{ id: number }>(
    "SELECT guide_id AS id FROM guide_day WHERE on_day = ? AND state = 'listed' ORDER BY guide_id",
    [today],
  );
  const lanes = new PQueue({ concurrency: WIDTH });
  let told = 0;
  let halted = false;
  for (const some of chunked(waiting, CHUNK)) {
    if (halted) break;
    const ids = some.map(({ id }) => id);
    const guides = await guidesOf(store.read, ids);
    const lines = await listLines(setup, store.read, ids, today);
    await lanes.addAll(
      guides.map((guide) => async () => {
        if (halted) return;
        const answer = await tellOne(setup, guide, lines.get(guide.id) ?? [], today);
        if (answer === "halt") halted = true;
        if (answer === "told") told++;
      }),
    );
  }
  return told;
}

/** `halt`: the channel takes nothing from anybody now. */
async function tellOne(
  setup: TaskSetup,
  guide: { id: number; userid: string; name: string },
  lines: readonly ListLine[],
  day: ShopDay,
): Promise<"told" | "unreachable" | "later" | "halt"> {
  const { store, channels, log } = setup;
  const card = setup.listCard({ guide, day, lines, url: setup.listUrl(guide.id, day) });
  let state: "told" | "unreachable";
  let code: string | null = null;
  try {
    const shown = await show(channels.tell, guide.userid, card);
    state = shown.reached ? "told" : "unreachable";
    code = shown.code;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ guideId: guide.id, err: error.message, kind: error.kind }, "a guide was not told of the list");
    if (error.kind === "wait" || error.kind === "operations") return "halt";
    // no answer: the card may have come, and its repeat is dropped by the platform
    if (error.kind !== "fix") return "later";
    state = "unreachable";
  }
  await store.write((sql) =>
    sql.run("UPDATE guide_day SET state = ?, card_code = ? WHERE guide_id = ? AND on_day = ?", [
      ...[state, code, guide.id, day],
    ]),
  );
  return state;
}

/** Tells the card, with the code that changes it once where the channel gives one. */
async function show(
  channel: Channel,
  userid: string,
  card: GuideNote,
): Promise<{ reached: boolean; code: string | null }> {
  if (card.kind === "card" && channel.cards) return channel.cards.show(userid, card);
  return { reached: await channel.tellGuide(userid, card), code: null };
}
