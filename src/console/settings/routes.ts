// Settings for HQ: what is configured and where it comes from, the limits between stages, the brand's calendar.
import { Router } from "@koa/router";
import { z } from "zod";
import type { Guard } from "../../identity/guard.js";
import { type Config, settingLines } from "../../infra/config.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, readValues, shopDay, type Web } from "../../infra/web.js";
import type { AudienceService } from "../../journeys/audience-service.js";
import { daysBetween, daysFromTo, type ShopDay, shopDayOf, yearOf } from "../../kernel/calendar.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { DAY_KINDS } from "../../org/calendar-rules.js";
import type { CalendarService, EntryKey } from "../../org/calendar-service.js";
import { formDay, formYear } from "../forms.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { calendarPage, LIMIT_NAMES, limitsPage, settingsPage, type TypedDay } from "./page.js";

export interface SettingsPageParts {
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  config: Config;
  audiences: Pick<AudienceService, "limits" | "setLimits">;
  calendar: CalendarService;
}

const kind = z.enum(DAY_KINDS, "放假、调休上班、静默日或节日");
const dayForm = z.object({
  on: z.string().trim().max(10).default(""),
  to: z.string().trim().max(10).default(""),
  kind,
  name: z.string().trim().max(40, "不超过 40 个字").default(""),
});
const dayKey = z.object({ on: shopDay, kind, name: z.string().max(60).default(""), year: formYear });
/** A field sent twice is a list: nobody can tell which was meant. */
const limitsForm = z.record(z.string(), z.string("只填一个值"));
const NAMES = { year: "年份", on: "日期", kind: "类型", name: "名称", to: "到哪天" };

/** GET /settings; GET and POST /settings/limits; GET /settings/calendar, POST /settings/calendar/set, remove and seed. */
export function settingsPages(parts: SettingsPageParts): Router {
  const { guard, pages, audiences, config } = parts;
  const router = new Router({ prefix: "/settings" });
  const may = guard.may("keep_settings");
  router.get("/", may, (ctx) =>
    showDesk(ctx, pages, "settings/all", "设置", settingsPage(settingLines(config))),
  );
  router.get("/limits", may, async (ctx) => {
    showDesk(ctx, pages, "settings/limits", "人群界限", limitsPage(await audiences.limits()));
  });
  router.post("/limits", may, guard.csrf, (ctx) => setLimits(ctx, parts));
  addCalendar(router, parts);
  return router;
}

async function setLimits(ctx: Web, { audiences, pages }: SettingsPageParts): Promise<void> {
  const { _csrf, ...typed } = readValues(limitsForm, bodyOf(ctx) ?? {}, "limits", LIMIT_NAMES);
  const numbers = Object.fromEntries(
    Object.entries(typed).map(([key, text]) => [key, /^\d{1,5}$/.test(text.trim()) ? Number(text) : text]),
  );
  try {
    const limits = await audiences.setLimits(numbers, actorOf(ctx));
    showDesk(ctx, pages, "settings/limits", "人群界限", limitsPage(limits, { isDone: true }));
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
    ctx.status = 422;
    const page = limitsPage(await audiences.limits(), { typed, faults: error.faults });
    showDesk(ctx, pages, "settings/limits", "人群界限", page);
  }
}

function addCalendar(router: Router, parts: SettingsPageParts): void {
  const { guard, calendar, world, zone } = parts;
  const may = guard.may("edit_calendar");
  const doerOf = (ctx: Web) => ({ by: actorOf(ctx), at: world.now() });
  const thisYear = () => yearOf(shopDayOf(world.now(), zone));
  router.get("/calendar", may, async (ctx) => {
    const query = z.object({ year: formYear.default(thisYear()), told: z.string().max(40).default("") });
    const asked = readValues(query, ctx.query, "query", NAMES);
    await showCalendar(ctx, parts, asked.year, { told: TOLD[asked.told] ?? "" });
  });
  router.post("/calendar/set", may, guard.csrf, async (ctx) => {
    const typed = readValues(dayForm, bodyOf(ctx), "day", NAMES);
    try {
      const days = daysOf(typed);
      const changed = await calendar.set(
        days.map((on) => ({ on, kind: typed.kind, name: typed.name || undefined })),
        doerOf(ctx),
      );
      back(ctx, yearOf(days[0] ?? typed.on), changed > 0 ? "set" : "same");
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
      ctx.status = 422;
      const shown = formDay.safeParse(typed.on).success ? yearOf(typed.on) : thisYear();
      await showCalendar(ctx, parts, shown, { typed, faults: error.faults.map(besideForm) });
    }
  });
  router.post("/calendar/remove", may, guard.csrf, async (ctx) => {
    const { on, kind: of, name, year: ofYear } = readValues(dayKey, bodyOf(ctx), "day", NAMES);
    const key: EntryKey = of === "named" ? { kind: of, name, year: ofYear } : { kind: of, on };
    await calendar.remove(key, doerOf(ctx));
    back(ctx, ofYear, "removed");
  });
  router.post("/calendar/seed", may, guard.csrf, async (ctx) => {
    const { year: ofYear } = readValues(z.object({ year: formYear }), bodyOf(ctx), "year", NAMES);
    const added = await calendar.seed(ofYear, doerOf(ctx));
    const { statutory } = await calendar.year(ofYear);
    back(ctx, ofYear, `${added > 0 ? "seeded" : "full"}${statutory === "whole" ? "" : "_short"}`);
  });
}

/** A fault as the form calls it: the calendar speaks of a name in the words of its tables. */
function besideForm(fault: Fault): Fault {
  return fault.field === "name"
    ? { where: NAMES.name, expected: "节日的名称，如「会员日」，不能是日期" }
    : fault;
}

/** No holiday is anywhere near as long. */
const MOST_DAYS = 31;

/** The days a form speaks of. Raises `invalid`. */
function daysOf(typed: TypedDay): ShopDay[] {
  const { on } = readValues(z.object({ on: formDay }), typed, "day", NAMES);
  if (typed.to === "") return [on];
  const { to } = readValues(z.object({ to: formDay }), typed, "day", NAMES);
  const expected =
    typed.kind === "named"
      ? "空着：节日只有一天"
      : to < on || daysBetween(on, to) >= MOST_DAYS || yearOf(to) !== yearOf(on)
        ? `同一年里不早于开始的日期，一次不超过 ${MOST_DAYS} 天`
        : undefined;
  if (expected) throw new Refusal("invalid", "日期不对。", [{ where: NAMES.to, expected }]);
  return daysFromTo(on, to);
}

/** What is said above the calendar after something was done. */
const TOLD: Readonly<Record<string, string>> = {
  set: "已设定。节日换了日期的，已生成的任务随之改期。",
  same: "没有变化：这一天已经是这样。",
  removed: "已去掉。",
  seeded: "已补齐：节日、节气、静默日和法定节假日。",
  seeded_short: "已补齐节日、节气和静默日。法定节假日还不齐：放假通知公布后，按下面的说明填。",
  full: "这一年没有可以补的日子。",
  full_short: "能自动补的都已经有了。法定节假日还不齐：放假通知公布后，按下面的说明填。",
};

async function showCalendar(
  ctx: Web,
  { calendar, pages, world, zone }: SettingsPageParts,
  ofYear: number,
  more: { typed?: TypedDay; faults?: Refusal["faults"]; told?: string },
): Promise<void> {
  const thisYear = yearOf(shopDayOf(world.now(), zone));
  const page = calendarPage(await calendar.year(ofYear), { ...more, thisYear });
  showDesk(ctx, pages, "settings/calendar", "日历", page);
}

function back(ctx: Web, ofYear: number, told: string): void {
  goTo(ctx, `/settings/calendar?year=${ofYear}&told=${told}`);
}
