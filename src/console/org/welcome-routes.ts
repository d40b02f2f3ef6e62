// Welcome words with what goes along, on HQ's page: a form with files, kept in step with WeCom when it is saved.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Router } from "@koa/router";
import { z } from "zod";
import type { ContactService } from "../../contacts/service.js";
import { type FormFile, receiveForm } from "../../infra/multipart.js";
import { bodyOf, readValues, type Step, type Web } from "../../infra/web.js";
import { ATTACHMENT_LIMITS as LIMITS } from "../../journeys/attachments.js";
import { Refusal } from "../../kernel/refusals.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { type OrgPageParts } from "./request.js";
import { asTyped, keptOf, newOnes, readForm, scopeOf } from "./welcome-form.js";
import { type TypedWelcome, welcomePage } from "./welcome-view.js";

/** as many as go along, and one more: who chose too many is told so by name */
const MOST_FILES = LIMITS.most + 1;
const MOST_BYTES = LIMITS.most * LIMITS.fileBytes;
const scopeForm = z.object({ scope: z.string().min(1).max(80), seen: z.string().max(16).optional() });

/** GET /org/wecom/welcome, POST the same (a form with files) and /remove. */
export function addWelcome(router: Router, parts: OrgPageParts, there: () => ContactService): void {
  const { guard } = parts;
  const may = guard.may("keep_contacts");
  router.get("/welcome", may, (ctx) => showWelcome(ctx, parts, there()));
  router.post("/welcome", may, guard.ours, withFiles(parts), guard.csrf, async (ctx) => {
    try {
      await save(ctx, there(), readForm(bodyOf(ctx)));
    } catch (error) {
      // what was typed is not lost: the page shows it beside what stands there, and says what is wrong
      if (!(error instanceof Refusal)) throw error;
      ctx.status = error.kind === "conflict" ? 409 : 422;
      return showWelcome(ctx, parts, there(), {
        ...{ form: asTyped(bodyOf(ctx)), body: bodyOf(ctx), refusal: error },
      });
    }
    goTo(ctx, "/org/wecom/welcome");
  });
  router.post("/welcome/remove", may, guard.csrf, async (ctx) => {
    const { scope, seen } = readValues(scopeForm, bodyOf(ctx), "body");
    await there().welcome.remove(scope, actorOf(ctx), seen);
    goTo(ctx, "/org/wecom/welcome");
  });
}

async function showWelcome(
  ctx: Web,
  { pages, zone }: OrgPageParts,
  { welcome }: ContactService,
  typed?: TypedWelcome,
): Promise<void> {
  const values = welcomePage(await welcome.list(), await welcome.log(30), zone, typed);
  showDesk(ctx, pages, "org/welcome", "欢迎语", values);
}

async function save(ctx: Web, { welcome }: ContactService, form: ReturnType<typeof readForm>): Promise<void> {
  const scope = scopeOf(form);
  const before = (await welcome.list()).find((one) => one.scope === scope);
  const add = newOnes(form, ctx.state.files as FormFile[]);
  // the boxes that were ticked are those of what was seen: where it is something else now, nothing is saved
  const attachments = { keep: keptOf(bodyOf(ctx), before), add };
  await welcome.set(scope, form.words, actorOf(ctx), { attachments, seen: form.seen });
}

/** Files of the form, on disk while the request lasts. */
function withFiles({ imports }: OrgPageParts): Step {
  return async (ctx, next) => {
    const { path } = imports.newFolder();
    try {
      const form = await receiveForm(ctx.req, {
        ...{ mostBytes: MOST_BYTES, mostFiles: MOST_FILES },
        pathOf: (name, n) => join(path, String(n), name),
      });
      (ctx.request as { body?: unknown }).body = form.fields;
      ctx.state.files = form.files;
      await next();
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  };
}
