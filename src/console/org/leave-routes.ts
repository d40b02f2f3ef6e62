// Leaves on the organisation's pages: the list, what a leave would do, entering and taking back.
import type { Router } from "@koa/router";
import { z } from "zod";
import type { Viewer } from "../../identity/viewer.js";
import { bodyOf, idOf, readValues, shopDay, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { guideIds } from "../../org/queries.js";
import { IN_SIGHT, sightOf } from "../../org/sight.js";
import { leavePreview } from "../../tasks/leave-preview.js";
import { count, longDay, span } from "../format.js";
import { formDay } from "../forms.js";
import { showDesk } from "../pages.js";
import { goTo, showPiece } from "../routes-answers.js";
import { type GuideView, guideNames, guideView } from "./people.js";
import { type OrgPageParts, type OrgRequest, offersOf, requestOf } from "./request.js";
import { leaveRow } from "./view.js";

const NAMES = { from: "第一天", to: "最后一天", deputy: "代班导购" };
const leaveForm = z.object({
  from: formDay,
  to: formDay,
  deputy: z.string().trim().max(64).default(""),
});
/** The day a leave is known by, whatever it is. */
const cancelForm = z.object({ from: shopDay });

interface LeaveAsked {
  from: string;
  to: string;
  deputy: { id: number; userid: string; name: string } | undefined;
}

/** GET /org/leaves; GET /org/guides/ID/leave (what it would do), POST the same and /cancel. */
export function addLeaves(router: Router, parts: OrgPageParts): void {
  const { guard, pages, store, leaves } = parts;
  const keep = guard.may("keep_leaves");
  const guideAt = (ctx: Web, { viewer, today }: OrgRequest) =>
    guideView(store.read, viewer, idOf(ctx.params.id), today);
  router.get("/leaves", keep, async (ctx) => {
    const { viewer, today } = requestOf(ctx, parts);
    const lines = await leaves.list(viewer, {});
    const ids = await guideIds(store.read, [...new Set(lines.map(({ guide }) => guide))]);
    showDesk(ctx, pages, "org/leaves", "休假", {
      ...offersOf(viewer),
      leaves: lines.map((line) => ({ ...leaveRow(line, today), id: ids.get(line.guide) ?? 0 })),
    });
  });
  router.get("/guides/:id/leave", keep, async (ctx) => {
    const request = requestOf(ctx, parts);
    const guide = await guideAt(ctx, request);
    const asked = await readLeave(parts, request, guide, ctx.query);
    const values = {
      guide: { id: guide.id, name: guide.name },
      ...(await effectOf(parts, guide, asked, request)),
    };
    if (wantsFragment(ctx)) showPiece(ctx, pages, "org/leave-effect", values);
    else showDesk(ctx, pages, "org/leave", "登记休假", values);
  });
  router.post("/guides/:id/leave", keep, guard.csrf, async (ctx) => {
    const request = requestOf(ctx, parts);
    const guide = await guideAt(ctx, request);
    const { from, to, deputy } = await readLeave(parts, request, guide, bodyOf(ctx));
    const row = { userid: guide.userid, fromOn: from, toOn: to, deputyUserid: deputy?.userid ?? null };
    await leaves.put(request.viewer, row);
    backTo(ctx, guide);
  });
  router.post("/guides/:id/leave/cancel", keep, guard.csrf, async (ctx) => {
    const request = requestOf(ctx, parts);
    const guide = await guideAt(ctx, request);
    const { from } = readValues(cancelForm, bodyOf(ctx), "body", NAMES);
    await leaves.cancel(request.viewer, guide.userid, from);
    backTo(ctx, guide);
  });
}

/** Back to the guide's page, which says how it stands now. */
export function backTo(ctx: Web, { id }: Pick<GuideView, "id">): void {
  goTo(ctx, `/org/guides/${id}`);
}

async function readLeave(
  { store }: OrgPageParts,
  { viewer }: OrgRequest,
  guide: GuideView,
  values: unknown,
): Promise<LeaveAsked> {
  const { from, to, deputy } = readValues(leaveForm, values, "leave", NAMES);
  if (to < from)
    throw new Refusal("invalid", "休假的最后一天早于第一天。", [
      { where: NAMES.to, value: to, expected: `${from} 或更晚的日期` },
    ]);
  return { from, to, deputy: await colleague(store, { viewer, guide }, deputy, NAMES.deputy) };
}

/** Another guide in the viewer's sight by their account; "" nobody. Raises `invalid`. */
export async function colleague(
  { read }: OrgPageParts["store"],
  { viewer, guide }: { viewer: Viewer; guide: GuideView },
  userid: string,
  field: string,
) {
  if (userid === "") return undefined;
  const sight = sightOf(viewer);
  const found = await read.row<{ id: number; userid: string; name: string }>(
    `SELECT g.id, g.userid, g.name ${IN_SIGHT} WHERE g.userid = ? AND ${sight.sql}`,
    [userid, ...sight.params],
  );
  if (found && found.id !== guide.id) return found;
  const unknown =
    viewer.role === "hq"
      ? "一位导购的账号（在门店页可以看到）"
      : "你负责范围里一位导购的账号（在门店页可以看到）";
  const expected = found ? "另一位导购的账号" : unknown;
  throw new Refusal("invalid", `${field}不对。`, [{ where: field, value: userid, expected }]);
}

/** What the leave would do, in words. */
async function effectOf(
  { store }: OrgPageParts,
  guide: GuideView,
  { from, to, deputy }: LeaveAsked,
  { today }: OrgRequest,
): Promise<object> {
  const plan = { guideId: guide.id, from, to, deputyId: deputy?.id ?? null };
  const { moved, waiting, expiring, backOn } = await leavePreview(store.read, plan, today);
  const names = await guideNames(
    store.read,
    moved.map(({ guideId }) => guideId),
  );
  return {
    ...{ from, to, span: span(from, to), deputy: deputy?.userid ?? "", deputyName: deputy?.name ?? "" },
    moved: moved.map(({ guideId, tasks }) => ({ name: names.get(guideId) ?? "", tasks: count(tasks) })),
    ...{ waiting: count(waiting), hasWaiting: waiting > 0, backOn: longDay(backOn) },
    ...{ expiring: count(expiring), hasExpiring: expiring > 0 },
    isNothing: moved.length === 0 && waiting === 0,
    isPast: to < today,
  };
}
