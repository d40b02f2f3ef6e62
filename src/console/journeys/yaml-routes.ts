// A journey out of the house as YAML, and in again: its faults by line, beside the lines themselves.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { uploadsOf, withUploads } from "../../infra/uploads.js";
import { bodyOf, readValues, type Web } from "../../infra/web.js";
import type { DraftMaking } from "../../journeys/draft-making.js";
import type { DraftService } from "../../journeys/drafts.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import { moment } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { sayFormFault } from "./fault-words.js";

export interface YamlPageDeps {
  guard: Guard;
  pages: PageRenderer;
  zone: string;
  drafts: Pick<DraftService, "show">;
  draftMaking: DraftMaking;
}

/** A journey of a thousand touchpoints is shorter. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_FAULTS = 100;

const exportQuery = z.object({
  draft: z.literal("1").optional(),
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "the number of a version")
    .transform(Number)
    .optional(),
});
const importBody = z.object({
  text: z.string().default(""),
  replace: z
    .string()
    .regex(/^\d{0,15}$/, "when the draft was changed")
    .default(""),
});
/** `key`: of the only journey it may be of; "" for any. */
type ImportForm = z.infer<typeof importBody> & { key: string };

const keyOf = (ctx: Web) => (ctx.params as Record<string, string>).key ?? "";

/** GET /journeys/KEY/export (?draft=1, ?version=N; else what is live), GET and POST /journeys/import and KEY/import. */
export function yamlPages(parts: YamlPageDeps): Router {
  const { guard } = parts;
  const router = new Router({ prefix: "/journeys" });
  const may = guard.may("edit_journeys");
  for (const path of ["/import", "/:key/import"]) {
    router.get(path, may, (ctx) => showImport(ctx, parts, { text: "", key: keyOf(ctx), replace: "" }));
    router.post(path, may, withUploads(MOST_BYTES), guard.csrf, (ctx) => takeIn(ctx, parts));
  }
  router.get("/:key/export", may, (ctx) => giveOut(ctx, parts));
  return router;
}

async function giveOut(ctx: Web, { drafts, draftMaking }: YamlPageDeps): Promise<void> {
  const { draft, version } = readValues(exportQuery, ctx.query, "query");
  const key = keyOf(ctx);
  const live = draft || version ? null : (await drafts.show(key)).version;
  const which = version ?? live ?? "draft";
  const text = await draftMaking.exportYaml(key, which);
  ctx.attachment(`${key}-${which === "draft" ? "draft" : `v${which}`}.yaml`);
  ctx.type = "application/yaml; charset=utf-8";
  ctx.body = text;
}

async function takeIn(ctx: Web, parts: YamlPageDeps): Promise<void> {
  const sent = readValues(importBody, bodyOf(ctx), "body");
  const file = uploadsOf(ctx).find(({ field, bytes }) => field === "file" && bytes.length > 0);
  const form = {
    ...sent,
    key: keyOf(ctx),
    text: (file ? file.bytes.toString("utf8") : sent.text).replaceAll("\r\n", "\n"),
  };
  try {
    if (form.text.trim() === "")
      throw new Refusal("invalid", "请选一个 YAML 文件，或把内容贴在下面。", [
        { where: "YAML", line: 1, expected: "旅程的 YAML：key、name 和 touchpoints" },
      ]);
    const how = {
      ...(form.key === "" ? {} : { key: form.key }),
      ...(form.replace === "" ? {} : { replace: Number(form.replace) }),
    };
    const { key } = await parts.draftMaking.importYaml(form.text, how, actorOf(ctx));
    goTo(ctx, `/journeys/${encodeURIComponent(key)}/publish`);
  } catch (error) {
    if (!(error instanceof Refusal) || (error.kind !== "invalid" && error.kind !== "conflict")) throw error;
    ctx.status = error.kind === "invalid" ? 422 : 409;
    const inTheWay = error.kind === "conflict" ? await draftInTheWay(parts, form.text) : null;
    showImport(ctx, parts, form, { error, inTheWay });
  }
}

/** The draft that would be overwritten, so that one may say so. */
async function draftInTheWay({ drafts, zone }: YamlPageDeps, text: string): Promise<object | null> {
  const key = /^key:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1] ?? "";
  const { draft } = await drafts.show(key);
  return draft && { key, seen: String(draft.changedAt), at: moment(draft.changedAt, zone) };
}

function showImport(
  ctx: Web,
  { pages }: YamlPageDeps,
  form: ImportForm,
  refused?: { error: Refusal; inTheWay: object | null },
): void {
  showDesk(ctx, pages, "journeys/import", "导入旅程", {
    ...{ text: form.text, onlyKey: form.key },
    message: refused?.error.message ?? "",
    inTheWay: refused?.inTheWay ?? false,
    faults: faultLines(refused?.error.faults ?? [], form.text),
    more: Math.max(0, (refused?.error.faults.length ?? 0) - MOST_FAULTS),
  });
}

/** Each fault with the line it stands on. */
function faultLines(faults: readonly Fault[], text: string): object[] {
  const lines = text.split("\n");
  return faults.slice(0, MOST_FAULTS).map((fault) => ({
    line: fault.line ?? "",
    field: fault.field ?? "",
    value: fault.value ?? "",
    said: sayFormFault(fault),
    source: fault.line === undefined ? "" : (lines[fault.line - 1] ?? "").trim().slice(0, 160),
  }));
}
