// Who changed what, for HQ: found by person, action, subject and time; taken along as a file.
import { Readable } from "node:stream";
import { Router } from "@koa/router";
import { z } from "zod";
import { type AuditQuery, changesOf, recordedActions } from "../../identity/audit.js";
import type { Guard } from "../../identity/guard.js";
import type { Sql, Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { readValues, type Web } from "../../infra/web.js";
import { addDays, instantOf, isShopDay, shopDayOf, wallTimeOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import { csvCell } from "../../reports/csv.js";
import { showDesk } from "../pages.js";
import { sayerOf } from "../reports/files.js";
import { actionText } from "./names.js";
import { type AuditForm, auditPage, doerName, mentionedIn, sayDifferences } from "./page.js";
import { subjectName, titlesOf } from "./subjects.js";

export interface AuditPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
}

const day = z
  .string()
  .refine((text) => text === "" || isShopDay(text), "日期，如 2026-03-01")
  .default("");
const query = z.object({
  by: z.string().trim().max(64, "不超过 64 个字").default(""),
  action: z.string().trim().max(64, "不超过 64 个字").default(""),
  subject: z.string().trim().max(191, "不超过 191 个字").default(""),
  from: day,
  to: day,
  after: z.string().max(40).optional(),
});
const NAMES = { by: "谁", action: "做了什么", subject: "对象", from: "开始日期", to: "结束日期" };
const PAGE = 50;
const PIECE = 500;

/** GET /settings/audit and /settings/audit.csv. */
export function auditPages(parts: AuditPageParts): Router {
  const { store, guard, pages, zone, world } = parts;
  const router = new Router();
  const may = guard.may("see_audit");
  router.get("/settings/audit", may, async (ctx) => {
    const { after, ...form } = asked(ctx);
    const { lines, next } = await changesOf(store.read, { ...queryOf(form, zone), after, limit: PAGE });
    const rest = {
      titles: await titlesOf(store.read, [...mentionedIn(lines), form.subject]),
      next,
      zone,
      actions: await recordedActions(store.read),
      people: await deskPeople(store.read),
    };
    showDesk(ctx, pages, "audit/list", "修改记录", auditPage(lines, form, rest));
  });
  router.get("/settings/audit.csv", may, (ctx) => {
    const { after, ...form } = asked(ctx);
    const say = sayerOf(ctx, pages);
    ctx.attachment(`${say("修改记录")}-${shopDayOf(world.now(), zone)}.csv`);
    ctx.type = "text/csv; charset=utf-8";
    ctx.body = Readable.from(csvLines(store.read, queryOf(form, zone), zone, say));
  });
  return router;
}

function asked(ctx: Web): AuditForm & { after?: string | undefined } {
  return readValues(query, ctx.query, "query", NAMES);
}

function queryOf({ by, action, subject, from, to }: AuditForm, zone: string): Omit<AuditQuery, "limit"> {
  return {
    ...{ by: by || undefined, action: action || undefined, subject: subject || undefined },
    from: from ? instantOf(from, "00:00", zone) : undefined,
    to: to ? instantOf(addDays(to, 1), "00:00", zone) : undefined,
  };
}

const HEAD = ["时间", "谁", "账号", "做了什么", "动作", "对象", "对象编号", "改动"];

/** All that fits, newest first, piece by piece: a record of years is never in memory at once. */
async function* csvLines(
  sql: Sql,
  query: Omit<AuditQuery, "limit">,
  zone: string,
  say: (text: string) => string,
): AsyncGenerator<string> {
  yield `\ufeff${HEAD.map((name) => csvCell(say(name))).join(",")}\r\n`;
  for (let after: string | undefined; ; ) {
    const { lines, next } = await changesOf(sql, { ...query, after, limit: PIECE });
    const titles = await titlesOf(sql, mentionedIn(lines));
    const subjectText = (subject: string) => {
      const { kind, key } = subjectName(subject, titles);
      return [kind, key].filter(Boolean).map(say).join(" ");
    };
    const rows = lines.map((line) => [
      `${shopDayOf(line.at, zone)} ${wallTimeOf(line.at, zone)}`,
      ...[say(doerName(line.by, titles)), line.by, say(actionText(line.action)), line.action],
      ...[subjectText(line.subject), line.subject, sayDifferences(line, titles, zone, say)],
    ]);
    yield rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
    if (!next) return;
    after = next;
  }
}

/** Who works at a desk: the guides are too many to choose from. */
async function deskPeople(sql: Sql): Promise<{ id: number; name: string }[]> {
  return sql.rows("SELECT id, name FROM account WHERE role <> 'guide' ORDER BY role, name LIMIT 300");
}
