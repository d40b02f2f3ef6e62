// The day's card once it was told: a tap changes it by the tap's own code; the code of the send is kept for one change, when
// the list is finished or at evening. Between, the page and the command 任务 are live.
import PQueue from "p-queue";
import { ChannelError, type GuideCard } from "../channels/port.js";
import type { Sql } from "../infra/store.js";
import { instantOf, type ShopDay } from "../kernel/calendar.js";
import { guidesOf } from "./facts.js";
import { listLines, OPEN } from "./listing.js";
import type { ListLine, TaskSetup } from "./setup.js";
import { dayOf } from "./setup.js";

const WIDTH = 8;
const MOST = 500;

/** Changes, by the code of their send, the cards of guides who have finished, and at evening all others. */
export async function closeCards(setup: TaskSetup): Promise<number> {
  const { cards } = setup.channels.tell;
  if (!cards) return 0;
  const now = setup.world.now();
  const day = dayOf(setup, now);
  const isEvening = now >= instantOf(day, setup.config.day.card_hour, setup.config.zone);
  const ids = await cardsToClose(setup.store.read, day, isEvening);
  const lanes = new PQueue({ concurrency: WIDTH });
  let closed = 0;
  await lanes.addAll(
    ids.map(({ id, code }) => async () => {
      if (await change(setup, id, code, day)) closed++;
    }),
  );
  return closed;
}

/** A tap's own code changes the tapped card into what holds now. */
export async function changeTapped(
  setup: TaskSetup,
  { guideUserid, cardId, code }: { guideUserid: string; cardId: string; code: string },
): Promise<void> {
  const day = dayOf(setup, setup.world.now());
  const guide = await setup.store.read.row<{ id: number }>("SELECT id FROM guide WHERE userid = ?", [
    guideUserid,
  ]);
  const card = guide && (await cardNow(setup, guide.id, day));
  // another day's card stays what it was
  if (!card || card.cardId !== cardId) return;
  await setup.channels.tell.cards?.change(guideUserid, code, card).catch((error: unknown) => {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ guideUserid, err: error.message }, "a tapped card could not be changed");
  });
}

function cardsToClose(sql: Sql, day: ShopDay, isEvening: boolean): Promise<{ id: number; code: string }[]> {
  const open = OPEN.map((state) => `'${state}'`).join(", ");
  const finished = `NOT EXISTS (SELECT 1 FROM guide_list l JOIN task t ON t.id = l.task_id
    WHERE l.guide_id = d.guide_id AND t.state IN (${open}))`;
  return sql.rows(
    `SELECT d.guide_id AS id, d.card_code AS code FROM guide_day d WHERE d.on_day = ? AND d.state = 'told'
       AND d.card_code IS NOT NULL AND d.card_closed_at IS NULL${isEvening ? "" : ` AND ${finished}`}
     ORDER BY d.guide_id LIMIT ${MOST}`,
    [day],
  );
}

/** False when the channel could not now: it is tried again. A code that is old or used is done with. */
async function change(setup: TaskSetup, guideId: number, code: string, day: ShopDay): Promise<boolean> {
  const [guide] = await guidesOf(setup.store.read, [guideId]);
  const card = await cardNow(setup, guideId, day);
  try {
    if (guide && card) await setup.channels.tell.cards?.change(guide.userid, code, card);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ guideId, err: error.message, kind: error.kind }, "a card could not be changed");
    if (error.kind !== "fix") return false;
  }
  const closed = "UPDATE guide_day SET card_closed_at = ? WHERE guide_id = ? AND on_day = ?";
  await setup.store.write((sql) => sql.run(closed, [setup.world.now(), guideId, day]));
  return true;
}

/** The day's card as it is now: what is left, or that all is done. */
async function cardNow(setup: TaskSetup, guideId: number, day: ShopDay): Promise<GuideCard | null> {
  const [guide] = await guidesOf(setup.store.read, [guideId]);
  const lines = (await listLines(setup, setup.store.read, [guideId], day)).get(guideId) ?? [];
  if (!guide || lines.length === 0) return null;
  const left = lines.filter(({ state }) => (OPEN as readonly string[]).includes(state));
  const card = setup.listCard({ guide, day, lines: left, url: setup.listUrl(guideId, day) });
  return card.kind === "card" ? { ...card, ...sayLeft(lines, left) } : null;
}

function sayLeft(
  lines: readonly ListLine[],
  left: readonly ListLine[],
): Pick<GuideCard, "title" | "description"> {
  const done = lines.length - left.length;
  if (left.length === 0)
    return { title: "今天的跟进都做完了", description: `${done} 位客户都照顾到了，辛苦了！` };
  return {
    title: `今日跟进还剩 ${left.length} 位`,
    description: `已处理 ${done} 位，共 ${lines.length} 位。`,
  };
}
