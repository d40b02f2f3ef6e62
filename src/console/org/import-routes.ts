// Imports by the page: files dropped, recognised, run in the background, watched, refused rows taken away, undone.
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { Router } from "@koa/router";
import { z } from "zod";
import { sayInChinese } from "../../customers/imports/say-fault.js";
import type { ImportRunView } from "../../customers/imports/service.js";
import { accountNames } from "../../identity/accounts.js";
import { receiveForm } from "../../infra/multipart.js";
import { bodyOf, idOf, readValues, type Step, type Web, wantsFragment } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo, showPiece } from "../routes-answers.js";
import { historyPage, runPage, undoPage } from "./import-view.js";
import { type OrgPageParts } from "./request.js";

const MOST_FILES = 20;
const startForm = z.object({ trigger: z.literal("yes").optional() });
const UNDER_WAY = ["running", "stopping", "undoing"];

/** GET /org/import, POST /org/import/files, GET /org/import/ID with start, stop, discard, refused/N, undo. */
export function importPages(parts: OrgPageParts): Router {
  const { guard, pages, imports } = parts;
  const router = new Router({ prefix: "/org/import" });
  const may = guard.may("import_data");
  router.get("/", may, async (ctx) => {
    const runs = await imports.list(30);
    const limits = { ...imports.limits, uploadBytes: parts.uploadBytes };
    const values = historyPage(runs, await peopleOf(parts, runs), parts.zone, limits);
    showDesk(ctx, pages, "org/import", "导入", values);
  });
  // the file is on the disk before the form's word is read: who may not send it is asked before
  router.post("/files", may, guard.ours, received(parts), guard.csrf, async (ctx) => {
    const { folder, files } = ctx.state.received as Received;
    goTo(ctx, `/org/import/${await imports.receive(folder, files, actorOf(ctx))}`);
  });
  router.get("/:id", may, async (ctx) => showRun(ctx, parts, await imports.one(idOf(ctx.params.id))));
  router.post("/:id/start", may, guard.csrf, async (ctx) => {
    const id = idOf(ctx.params.id);
    const { trigger } = readValues(startForm, bodyOf(ctx), "body");
    const way = { trigger: trigger === "yes", by: actorOf(ctx), say: sayInChinese };
    const { done } = await imports.start(id, way);
    done.catch(parts.failed);
    goTo(ctx, `/org/import/${id}`);
  });
  router.post("/:id/stop", may, guard.csrf, async (ctx) => {
    const id = idOf(ctx.params.id);
    await imports.stop(id, actorOf(ctx));
    goTo(ctx, `/org/import/${id}`);
  });
  router.post("/:id/discard", may, guard.csrf, async (ctx) => {
    await imports.discard(idOf(ctx.params.id), actorOf(ctx));
    goTo(ctx, "/org/import");
  });
  router.get("/:id/refused/:n", may, async (ctx) => {
    const { path, name } = await imports.refused(idOf(ctx.params.id), Number(ctx.params.n));
    ctx.attachment(name);
    ctx.type = "text/csv; charset=utf-8";
    ctx.body = createReadStream(path);
  });
  addUndo(router, parts);
  return router;
}

function addUndo(router: Router, parts: OrgPageParts): void {
  const { guard, pages, imports } = parts;
  const may = guard.may("import_data");
  router.get("/:id/undo", may, async (ctx) => {
    const id = idOf(ctx.params.id);
    const values = undoPage(id, await imports.previewUndo(id));
    if (wantsFragment(ctx)) showPiece(ctx, pages, "org/undo", values);
    else showDesk(ctx, pages, "org/undo", "撤销导入", values);
  });
  router.post("/:id/undo", may, guard.csrf, async (ctx) => {
    const id = idOf(ctx.params.id);
    const { done } = await imports.undo(id, actorOf(ctx));
    done.catch(parts.failed);
    goTo(ctx, `/org/import/${id}`);
  });
}

/** The page of a run; while it is under way its own script asks for the middle of it alone. */
async function showRun(ctx: Web, parts: OrgPageParts, run: ImportRunView): Promise<void> {
  const { world, zone, pages, imports } = parts;
  const people = await peopleOf(parts, [run]);
  const values = runPage(run, { people, zone, now: world.now(), limits: imports.limits });
  if (!wantsFragment(ctx)) return showDesk(ctx, pages, "org/import-run", "导入", values);
  // the end of it changes the whole page
  if (!UNDER_WAY.includes(run.state)) ctx.set("HX-Refresh", "true");
  showPiece(ctx, pages, "org/import-progress", values);
}

/** The names of who did it, by how they are written down. */
async function peopleOf(
  { store }: OrgPageParts,
  runs: readonly Pick<ImportRunView, "by" | "undoneBy">[],
): Promise<Map<string, string>> {
  const said = runs.flatMap(({ by, undoneBy }) => [by, undoneBy ?? ""]);
  const names = await accountNames(store.read, said);
  return new Map(said.map((by) => [by, names.get(by) ?? (by === "command line" ? "命令行" : by)]));
}

interface Received {
  folder: string;
  files: { name: string; bytes: number; rows: number | null }[];
}

/** Streams the form's files to a folder of their own; when anything after it is refused, they go again. */
function received({ imports, uploadBytes }: OrgPageParts): Step {
  return async (ctx, next) => {
    const { name: folder, path } = imports.newFolder();
    try {
      const form = await receiveForm(ctx.req, {
        ...{ mostBytes: uploadBytes, mostFiles: MOST_FILES },
        pathOf: (name, n) => join(path, String(n), name),
      });
      (ctx.request as { body?: unknown }).body = form.fields;
      if (form.files.length === 0)
        throw new Refusal("invalid", "还没有选文件：选一个或几个 .csv、.xlsx 文件。");
      const files = form.files.map(({ name, bytes, lines }) => {
        return { name, bytes, rows: /\.csv$/i.test(name) ? Math.max(0, lines - 1) : null };
      });
      ctx.state.received = { folder, files } satisfies Received;
      await next();
    } catch (error) {
      rmSync(path, { recursive: true, force: true });
      throw error;
    }
  };
}
