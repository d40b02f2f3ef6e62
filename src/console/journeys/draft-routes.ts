// The editor's timeline: a draft as a calendar, touchpoints moved on it, new journeys, and the way out of a draft.
import { Router } from "@koa/router";
import { bodyOf, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { isDayTrigger } from "../../journeys/days.js";
import { EditConflict } from "../../journeys/draft-edits.js";
import { type OpenDraft } from "../../journeys/draft-opening.js";
import { dayOfYearIn } from "../../journeys/timeline.js";
import { type Move, moved } from "../../journeys/trigger-data.js";
import { shopDayOf, yearOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { loadNamedDays } from "../../org/calendar-queries.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo, showPiece } from "../routes-answers.js";
import { partOf } from "./address.js";
import { draftView } from "./draft-view.js";
import { type EditorPageParts } from "./editor-parts.js";
import { sayFormFault } from "./fault-words.js";
import { namesOfHq } from "./people.js";
import { type Fields, number, textOf } from "./typed-values.js";

/** GET and POST /journeys/new; GET /journeys/:key/draft, POST below it move, settings and discard. */
export function draftPages(parts: EditorPageParts): Router {
  const { guard, pages, authoring } = parts;
  const { edits, drafts } = authoring;
  const may = guard.may("edit_journeys");
  const router = new Router();
  router.get("/journeys/new", may, async (ctx) => {
    showDesk(ctx, pages, "journeys/new", "新建旅程", newView(parts, {}, {}));
  });
  router.post("/journeys/new", may, guard.csrf, async (ctx) => beginJourney(ctx, parts));
  router.get("/journeys/:key/draft", may, async (ctx) => {
    const open = await edits.open(partOf(ctx, "key"));
    showDesk(ctx, pages, "journeys/draft", `编辑：${open.data.name}`, await viewOf(parts, open));
  });
  router.post("/journeys/:key/draft/move", may, guard.csrf, (ctx) => moveTouchpoint(ctx, parts));
  router.post("/journeys/:key/draft/settings", may, guard.csrf, async (ctx) => {
    const fields = bodyOf(ctx) as Fields;
    const holdOut = textOf(fields, "hold_out").trim();
    const said = { name: textOf(fields, "name"), holdOut: holdOut === "" ? undefined : number(holdOut) };
    const stamp = textOf(fields, "stamp");
    await edits.settings(partOf(ctx, "key"), said, stamp === "" ? null : stamp, actorOf(ctx)).catch(inWords);
    goTo(ctx, `/journeys/${partOf(ctx, "key")}/draft`);
  });
  router.post("/journeys/:key/draft/discard", may, guard.csrf, async (ctx) => {
    const key = partOf(ctx, "key");
    await drafts.discard(key, actorOf(ctx));
    const { version } = await drafts.show(key).catch(() => ({ version: null }));
    goTo(ctx, version === null ? "/journeys" : `/journeys/${key}`);
  });
  return router;
}

/** The page's values; the timeline alone needs the same. */
async function viewOf(parts: EditorPageParts, open: OpenDraft): Promise<object> {
  const { store, world, zone } = parts;
  const year = yearOf(shopDayOf(world.now(), zone));
  const named = await loadNamedDays(store.read);
  return draftView(open, {
    dayOfYear: dayOfYearIn(year, named),
    names: await namesOfHq(store),
    now: world.now(),
    zone,
  });
}

async function moveTouchpoint(ctx: Web, parts: EditorPageParts): Promise<void> {
  const key = partOf(ctx, "key");
  const fields = bodyOf(ctx) as Fields;
  const touchpoint = textOf(fields, "touchpoint");
  let said: [text: string, kind: "good" | "bad"] | undefined;
  try {
    await move(ctx, parts, { key, touchpoint, stamp: textOf(fields, "stamp"), by: readMove(fields) });
  } catch (error) {
    if (!(error instanceof Refusal) || !wantsFragment(ctx)) throw error;
    const [fault] = error.faults;
    if (error instanceof EditConflict) said = [`${error.message}已显示最新的样子，请再移一次。`, "bad"];
    else if (error.kind === "invalid")
      said = [`不能放在这里：${fault ? sayFormFault(fault) : error.message}`, "bad"];
    else throw error;
  }
  if (!wantsFragment(ctx)) return goTo(ctx, `/journeys/${key}/draft#t-${touchpoint}`);
  if (said) sayInPassing(ctx, ...said);
  showPiece(
    ctx,
    parts.pages,
    "journeys/timeline",
    await viewOf(parts, await parts.authoring.edits.open(key)),
  );
}

interface Moving {
  key: string;
  touchpoint: string;
  stamp: string;
  by: Move;
}

async function move(
  ctx: Web,
  { authoring, store, world, zone }: EditorPageParts,
  moving: Moving,
): Promise<void> {
  const { key, touchpoint, stamp, by } = moving;
  const place = dayOfYearIn(yearOf(shopDayOf(world.now(), zone)), await loadNamedDays(store.read));
  const aimed = { key: touchpoint, stamp: stamp === "" ? null : stamp };
  await authoring.edits
    .alter(key, aimed, actorOf(ctx), (was) =>
      moved(was, by, (trigger) => (isDayTrigger(trigger) ? (place(trigger) ?? 0) : 0)),
    )
    .catch((error: unknown) => (wantsFragment(ctx) ? raise(error) : inWords(error)));
}

/** One of `by`, `to` and `days`. */
function readMove(fields: Fields): Move {
  for (const what of ["by", "to", "days"] as const) {
    const text = textOf(fields, what).trim();
    if (text === "") continue;
    const n = Number(text);
    if (!Number.isInteger(n) || Math.abs(n) > 10_000)
      throw new Refusal("invalid", "移动要填整数，最多 10000。");
    return { [what]: n } as unknown as Move;
  }
  throw new Refusal("invalid", "没有说移到哪里。");
}

const KEY = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** From a template the draft is there at once; from nothing it begins with its first touchpoint. */
async function beginJourney(ctx: Web, parts: EditorPageParts): Promise<void> {
  const { edits, templates, drafts } = parts.authoring;
  const fields = bodyOf(ctx) as Fields;
  const name = textOf(fields, "name").trim();
  const key = textOf(fields, "key").trim() || `journey-${parts.world.now().toString(36)}`;
  const faults: Record<string, string> = {};
  if (name === "" || name.length > 60) faults.name = "请填名称，最多 60 个字";
  if (!KEY.test(key) || key === "new") faults.key = "标识用小写字母、数字和 -，最多 64 个";
  else if (
    await drafts.show(key).then(
      () => true,
      () => false,
    )
  )
    faults.key = "已经有旅程用了这个标识，请换一个";
  if (Object.keys(faults).length > 0) {
    ctx.status = 422;
    return showDesk(ctx, parts.pages, "journeys/new", "新建旅程", newView(parts, fields, faults));
  }
  const from = textOf(fields, "from");
  if (from === "") return goTo(ctx, `/journeys/${key}/draft/new?${new URLSearchParams({ name })}`);
  await edits.begin(await templates.data(from, { key, name }), actorOf(ctx));
  goTo(ctx, `/journeys/${key}/draft`);
}

function newView({ authoring }: EditorPageParts, fields: Fields, faults: Record<string, string>): object {
  const from = textOf(fields, "from");
  const templates = authoring.templates.list().map((one) => ({ ...one, selected: one.key === from }));
  return {
    faults,
    name: textOf(fields, "name"),
    key: textOf(fields, "key"),
    templates,
    isBlank: from === "",
  };
}

function raise(error: unknown): never {
  throw error;
}

/** What the checks say, for the person at the form. */
function inWords(error: unknown): never {
  if (!(error instanceof Refusal) || error.kind !== "invalid" || error.faults.length === 0) throw error;
  throw new Refusal("invalid", `没有保存：${error.faults.map(sayFormFault).join("；")}。`);
}
