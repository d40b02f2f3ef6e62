// What stands beside a touchpoint's form and follows it: the phone, the audience's count, the sample size.
import { Router } from "@koa/router";
import { withUploads } from "../../infra/uploads.js";
import { bodyOf, wantsFragment } from "../../infra/web.js";
import { audienceOf } from "../../journeys/audience-tree.js";
import { Refusal } from "../../kernel/refusals.js";
import { count } from "../format.js";
import { showDesk } from "../pages.js";
import { showPiece } from "../routes-answers.js";
import { partOf } from "./address.js";
import { previewFor, sampleFor } from "./asides.js";
import type { EditorPageParts } from "./editor-parts.js";
import { sayFormFault } from "./fault-words.js";
import { formFrom } from "./form-fields.js";
import { type Fields, textOf } from "./typed-values.js";
import { MOST_UPLOAD } from "./uploading.js";

/** POST /journeys/:key/draft/preview and count, GET /journeys/:key/draft/sample. */
export function asidePages(parts: EditorPageParts): Router {
  const { guard } = parts;
  const may = guard.may("edit_journeys");
  const upload = withUploads(MOST_UPLOAD);
  const router = new Router();
  router.post("/journeys/:key/draft/preview", may, upload, guard.csrf, async (ctx) => {
    const fields = bodyOf(ctx) as Fields;
    showPiece(ctx, parts.pages, "journeys/preview", await previewFor(ctx, parts, formFrom(fields), fields));
  });
  router.post("/journeys/:key/draft/count", may, upload, guard.csrf, async (ctx) => {
    showPiece(ctx, parts.pages, "journeys/count", await countView(parts, bodyOf(ctx) as Fields));
  });
  router.get("/journeys/:key/draft/sample", may, async (ctx) => {
    const fields = ctx.query as Fields;
    const values = await sampleFor(parts, partOf(ctx, "key"), textOf(fields, "touchpoint"), fields);
    if (wantsFragment(ctx)) showPiece(ctx, parts.pages, "journeys/sample", values);
    else showDesk(ctx, parts.pages, "journeys/sample", "要发多少才能比出来", values);
  });
  return router;
}

/** How many the rule finds now, and of how many it cannot tell. */
async function countView({ authoring }: EditorPageParts, fields: Fields): Promise<object> {
  const { audience } = audienceOf(formFrom(fields).audience);
  try {
    const [found, unknown] = await Promise.all([
      authoring.audiences.count(audience),
      authoring.notKnown(audience),
    ]);
    return {
      ...{ fault: "", customers: count(found.customers), owned: count(found.with_owner), says: found.says },
      ...{ isNobody: found.customers === 0, warnings: found.warnings },
      unknown: unknown.map(({ fact, customers }) => ({ fact, customers: count(customers) })),
    };
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
    const [fault] = error.faults;
    return {
      fault: fault ? sayFormFault(fault) : error.message,
      customers: "",
      owned: "",
      says: "",
      isNobody: false,
      warnings: [],
      unknown: [],
    };
  }
}
