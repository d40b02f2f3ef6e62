// A touchpoint's form: opened, its rows added and removed, saved by hand or at every change, copied and taken out.
import { Router } from "@koa/router";
import { uploadsOf, withUploads } from "../../infra/uploads.js";
import { bodyOf, sayInPassing, type Web, wantsFragment } from "../../infra/web.js";
import { type OpenDraft, stampOf } from "../../journeys/draft-opening.js";
import { type TouchpointData, touchpointsIn } from "../../journeys/trigger-data.js";
import { Refusal } from "../../kernel/refusals.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo, showPiece } from "../routes-answers.js";
import { partOf } from "./address.js";
import { previewFor, sampleFor } from "./asides.js";
import { type Conflict, conflictView } from "./conflict-view.js";
import { type EditorPageParts } from "./editor-parts.js";
import { formFrom, withRows } from "./form-fields.js";
import { type Kept, keepTouchpoint } from "./keeping.js";
import { emptyForm, formOf, type TouchpointForm } from "./touchpoint-form.js";
import { type FormFrame, touchpointView } from "./touchpoint-view.js";
import { type Fields, textOf } from "./typed-values.js";
import { MOST_UPLOAD, withFiles } from "./uploading.js";

/** GET /journeys/:key/draft/new and /journeys/:key/draft/t/:touchpoint; POST below draft: put, keep, rows; below a
 *  touchpoint: remove, duplicate. */
export function touchpointPages(parts: EditorPageParts): Router {
  const { guard, authoring } = parts;
  const { edits } = authoring;
  const may = guard.may("edit_journeys");
  const upload = withUploads(MOST_UPLOAD);
  const router = new Router({ prefix: "/journeys/:key/draft" });
  router.get("/new", may, (ctx) => showNew(ctx, parts));
  router.get("/t/:touchpoint", may, (ctx) => showOne(ctx, parts));
  router.post("/rows", may, upload, guard.csrf, (ctx) => changeRows(ctx, parts));
  router.post("/put", may, upload, guard.csrf, (ctx) => put(ctx, parts));
  router.post("/keep", may, upload, guard.csrf, (ctx) => keep(ctx, parts));
  router.post("/t/:touchpoint/remove", may, guard.csrf, async (ctx) => {
    const stamp = textOf(bodyOf(ctx) as Fields, "stamp");
    await edits.remove(
      partOf(ctx, "key"),
      { key: partOf(ctx, "touchpoint"), stamp: stamp === "" ? null : stamp },
      actorOf(ctx),
    );
    goTo(ctx, `/journeys/${partOf(ctx, "key")}/draft`);
  });
  router.post("/t/:touchpoint/duplicate", may, guard.csrf, async (ctx) => {
    const copy = await edits.duplicate(partOf(ctx, "key"), partOf(ctx, "touchpoint"), actorOf(ctx));
    goTo(ctx, `/journeys/${partOf(ctx, "key")}/draft/t/${copy}`);
  });
  return router;
}

async function showNew(ctx: Web, parts: EditorPageParts): Promise<void> {
  const text = (name: string) => textOf(ctx.query as Fields, name);
  const begun = Object.fromEntries(
    (["anchor", "direction", "n", "unit", "day"] as const).flatMap((name) =>
      text(name) === "" ? [] : [[name, text(name)]],
    ),
  );
  const shown = { form: emptyForm(begun), was: "", stamp: "", journeyName: text("name") };
  await show(ctx, parts, shown);
}

async function showOne(ctx: Web, parts: EditorPageParts): Promise<void> {
  const open = await parts.authoring.edits.open(partOf(ctx, "key"));
  const touchpoint = mustHave(open, partOf(ctx, "touchpoint"));
  const shown = {
    form: formOf(touchpoint),
    was: String(touchpoint.key),
    stamp: stampOf(touchpoint),
    journeyName: "",
  };
  await show(ctx, parts, { ...shown, isSaved: ctx.query.saved === "1" }, open);
}

function mustHave(open: OpenDraft, key: string): TouchpointData {
  const found = touchpointsIn(open.data).find((one) => one.key === key);
  if (!found) throw new Refusal("not_found", "草稿里没有这个触点，可能已经被删掉了。");
  return found;
}

/** What the page shows: the form as it stands, and what came of the last wish. */
interface Shown extends Partial<Pick<FormFrame, "faults">> {
  form: TouchpointForm;
  was: string;
  stamp: string;
  journeyName: string;
  isSaved?: boolean;
  conflict?: Conflict;
}

const NO_FAULTS = { fields: {}, others: [] };

async function valuesOf(ctx: Web, parts: EditorPageParts, shown: Shown, open?: OpenDraft): Promise<object> {
  const { authoring, store, zone } = parts;
  const { form, was, stamp, journeyName, faults = NO_FAULTS, isSaved = false, conflict } = shown;
  const journey = partOf(ctx, "key");
  const preview = ctx.query.preview === "1" ? await previewFor(ctx, parts, form, ctx.query) : null;
  const frame = {
    journey,
    was,
    stamp,
    journeyName,
    faults,
    suggestions: await authoring.suggestions(),
    dayNames: await authoring.dayNames(),
  };
  const journeyTitle = open ? String(open.data.name) : journeyName || journey;
  return {
    ...touchpointView(form, frame),
    ...{ isSaved, journeyTitle, preview, hasConflict: conflict !== undefined },
    sample: was === "" ? null : await sampleFor(parts, journey, was, {}),
    conflict: conflict ? await conflictView(conflict, form, { drafts: authoring.drafts, store, zone }) : null,
  };
}

async function show(ctx: Web, parts: EditorPageParts, shown: Shown, known?: OpenDraft): Promise<void> {
  const open =
    known ?? (shown.journeyName === "" ? await parts.authoring.edits.open(partOf(ctx, "key")) : undefined);
  const title = shown.was === "" ? "新建触点" : `触点：${shown.form.name}`;
  showDesk(ctx, parts.pages, "journeys/touchpoint", title, await valuesOf(ctx, parts, shown, open));
}

/** What of the form says where it belongs. */
function placeOf(fields: Fields): Pick<Shown, "was" | "stamp" | "journeyName"> {
  return {
    was: textOf(fields, "was"),
    stamp: textOf(fields, "stamp"),
    journeyName: textOf(fields, "journey_name"),
  };
}

/** The form with one row more or less; nothing is kept by it but files. */
async function changeRows(ctx: Web, parts: EditorPageParts): Promise<void> {
  const fields = bodyOf(ctx) as Fields;
  const { form, faults } = await withFiles(parts.store, formFrom(fields), uploadsOf(ctx));
  const shown = {
    ...placeOf(fields),
    form: withRows(form, textOf(fields, "op")),
    faults: { fields: faults, others: [] },
  };
  if (!wantsFragment(ctx)) return show(ctx, parts, shown);
  showPiece(ctx, parts.pages, "journeys/touchpoint-form", await valuesOf(ctx, parts, shown));
}

/** Saved by hand: back to the page of what was saved, or on to the timeline. */
async function put(ctx: Web, parts: EditorPageParts): Promise<void> {
  const fields = bodyOf(ctx) as Fields;
  const { kept, shown } = await keepForm(ctx, parts, fields);
  if (kept) {
    const key = partOf(ctx, "key");
    const own = `/journeys/${key}/draft/t/${kept.touchpoint}?saved=1`;
    return goTo(
      ctx,
      textOf(fields, "then") === "timeline" ? `/journeys/${key}/draft#t-${kept.touchpoint}` : own,
    );
  }
  ctx.status = shown.conflict ? 409 : 422;
  await show(ctx, parts, shown);
}

/** Saved at a change: the page stays; what is wrong is put where it stands. */
async function keep(ctx: Web, parts: EditorPageParts): Promise<void> {
  const fields = bodyOf(ctx) as Fields;
  const { kept, shown } = await keepForm(ctx, parts, fields);
  const stamp = kept?.stamp ?? shown.stamp;
  const values = await valuesOf(ctx, parts, { ...shown, stamp, isSaved: kept !== undefined });
  if (shown.conflict) sayInPassing(ctx, "这个触点刚被别人改过，你的改动还在页面上。", "bad");
  showPiece(ctx, parts.pages, "journeys/touchpoint-kept", { ...values, hasFiles: uploadsOf(ctx).length > 0 });
}

async function keepForm(
  ctx: Web,
  parts: EditorPageParts,
  fields: Fields,
): Promise<{ kept?: Kept; shown: Shown }> {
  const place = placeOf(fields);
  const { form, faults } = await withFiles(parts.store, formFrom(fields), uploadsOf(ctx));
  if (Object.keys(faults).length > 0)
    return { shown: { ...place, form, faults: { fields: faults, others: [] } } };
  const wish = { ...place, journey: partOf(ctx, "key"), form, isForced: textOf(fields, "force") === "1" };
  const done = await keepTouchpoint(parts.authoring, wish, actorOf(ctx));
  if ("kept" in done) return { kept: done.kept, shown: { ...place, form } };
  if ("conflict" in done) return { shown: { ...place, form, conflict: done.conflict } };
  return { shown: { ...place, form, faults: done.faults } };
}
