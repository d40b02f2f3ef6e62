// A guide who leaves for good: what it would do, entering it with who takes the customers, and taking it back.
import type { Router } from "@koa/router";
import { z } from "zod";
import { bodyOf, idOf, readValues, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { count, longDay } from "../format.js";
import { formDay } from "../forms.js";
import { showDesk } from "../pages.js";
import { showPiece } from "../routes-answers.js";
import { backTo, colleague } from "./leave-routes.js";
import { type GuideView, guideView } from "./people.js";
import { type OrgPageParts, type OrgRequest, requestOf } from "./request.js";

const NAMES = { on: "从哪天起不在职", to: "接替导购" };
const leaverForm = z.object({ on: formDay, to: z.string().trim().max(64).default("") });

/** GET /org/guides/ID/leaver (what it would do), POST the same, POST /org/guides/ID/stay. */
export function addLeavers(router: Router, parts: OrgPageParts): void {
  const { guard, pages, store, leaves } = parts;
  const handsOverInChat = parts.contacts !== undefined;
  const letGo = guard.may("let_go");
  const guideAt = (ctx: Web) => {
    const { viewer, today } = requestOf(ctx, parts);
    return guideView(store.read, viewer, idOf(ctx.params.id), today);
  };
  router.get("/guides/:id/leaver", letGo, async (ctx) => {
    const guide = await guideAt(ctx);
    const { on, successor } = await readLeaver(parts, requestOf(ctx, parts), guide, ctx.query);
    const values = {
      guide: { id: guide.id, name: guide.name },
      ...effectOf(guide, on, successor, handsOverInChat),
    };
    if (wantsFragment(ctx)) showPiece(ctx, pages, "org/leaver-effect", values);
    else showDesk(ctx, pages, "org/leaver", "登记离职", values);
  });
  router.post("/guides/:id/leaver", letGo, guard.csrf, async (ctx) => {
    const guide = await guideAt(ctx);
    const request = requestOf(ctx, parts);
    const { on, successor } = await readLeaver(parts, request, guide, bodyOf(ctx));
    await leaves.letGo(request.viewer, { guide: guide.userid, on, successor: successor?.userid });
    // calls of the chat system take their time: the page says how far they are
    void parts.handOver();
    backTo(ctx, guide);
  });
  router.post("/guides/:id/stay", letGo, guard.csrf, async (ctx) => {
    const guide = await guideAt(ctx);
    await leaves.keepOn(requestOf(ctx, parts).viewer, guide.userid);
    backTo(ctx, guide);
  });
}

async function readLeaver(
  { store }: OrgPageParts,
  { viewer }: OrgRequest,
  guide: GuideView,
  values: unknown,
) {
  const { on, to } = readValues(leaverForm, values, "leaver", NAMES);
  const successor = await colleague(store, { viewer, guide }, to, NAMES.to);
  if (successor) {
    const gone = await store.read.row<{ on: string }>(
      'SELECT left_on AS "on" FROM guide WHERE id = ? AND left_on <= ?',
      [successor.id, on],
    );
    if (gone)
      throw new Refusal("invalid", "接替导购也已离职。", [
        { where: NAMES.to, value: to, expected: `${on} 仍在职的导购（${to} 从 ${gone.on} 起离职）` },
      ]);
  }
  return { on, successor };
}

function effectOf(
  { customers, open }: GuideView,
  on: string,
  successor: { userid: string; name: string } | undefined,
  handsOverInChat: boolean,
): object {
  return {
    ...{
      on,
      day: longDay(on),
      to: successor?.userid ?? "",
      successor: successor?.name ?? "",
      handsOverInChat,
    },
    customers: count(customers),
    open: count(open.reduce((sum, { n }) => sum + n, 0)),
  };
}
