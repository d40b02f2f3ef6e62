// One-off tasks, for HQ: the list, a form with a live count of whom it reaches, one with its figures, and its end.
import { Router } from "@koa/router";
import { type Guard, sessionOf } from "../../identity/guard.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, languageOf, type Web, wantsFragment } from "../../infra/web.js";
import type { AudienceService } from "../../journeys/audience-service.js";
import { GRACE_DAYS } from "../../journeys/spec.js";
import { addDays, shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { loadTree } from "../../org/queries.js";
import type { TouchpointSums } from "../../reports/touchpoint-sums.js";
import type { OneoffService, ReadOneoff } from "../../tasks/oneoffs.js";
import { count } from "../format.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { audienceOf, dataOf, faultsByField, type OneoffForm, readForm } from "./form.js";
import { formPage, oneoffPage, oneoffRow } from "./page.js";

export interface OneoffPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  oneoffs: OneoffService;
  /** checks a one-off's data; raises `invalid` with every fault */
  readOneoffData(data: unknown): Promise<ReadOneoff>;
  audiences: Pick<AudienceService, "count">;
  touchpointSums: TouchpointSums;
}

/** Shown in the list. */
const MOST = 100;
/** Regions the form offers one by one. */
const MOST_REGIONS = 60;

/** GET /oneoffs, /oneoffs/new, /oneoffs/KEY; POST /oneoffs, /oneoffs/audience and /oneoffs/KEY/close. */
export function oneoffPages(parts: OneoffPageParts): Router {
  const { guard, pages, oneoffs, touchpointSums, world, zone } = parts;
  const router = new Router({ prefix: "/oneoffs" });
  const may = guard.may("edit_journeys");
  const today = () => shopDayOf(world.now(), zone);
  router.get("/", may, async (ctx) => {
    const listed = (await oneoffs.listed()).slice(0, MOST);
    const figures = await touchpointSums.of(listed.map(({ touchpointId }) => touchpointId));
    showDesk(ctx, pages, "oneoffs/oneoffs", "任务", {
      csrf: sessionOf(ctx).csrf,
      oneoffs: listed.flatMap((one) => {
        const row = figures.get(one.touchpointId);
        return row ? [oneoffRow(one, row, today())] : [];
      }),
    });
  });
  router.get("/new", may, (ctx) => showForm(ctx, parts, readForm({}), {}));
  router.get("/:key", may, async (ctx) => {
    const one = await oneoffs.show(keyOf(ctx));
    const figures = (await touchpointSums.of([one.touchpointId])).get(one.touchpointId);
    if (!figures) throw new Error(`no figures of the touchpoint ${one.touchpointId}`);
    const regions = await touchpointSums.byRegion(one.touchpointId);
    showDesk(ctx, pages, "oneoffs/oneoff", one.name, {
      ...{ csrf: sessionOf(ctx).csrf, made: ctx.query.made === "1" },
      ...oneoffPage(one, figures, regions, today()),
    });
  });
  router.post("/audience", may, guard.csrf, (ctx) => countAudience(ctx, parts));
  router.post("/", may, guard.csrf, (ctx) => create(ctx, parts));
  router.post("/:key/close", may, guard.csrf, async (ctx) => {
    await oneoffs.close(keyOf(ctx), actorOf(ctx));
    goTo(ctx, `/oneoffs/${encodeURIComponent(keyOf(ctx))}`);
  });
  return router;
}

/** Makes it and shows it; what is wrong stands on the form, beside what was typed. */
async function create(ctx: Web, parts: OneoffPageParts): Promise<void> {
  const { oneoffs, world, zone } = parts;
  const form = readForm(bodyOf(ctx));
  const day = shopDayOf(world.now(), zone).replaceAll("-", "");
  try {
    const data = dataOf(form, `t${day}-${world.id().slice(-4)}`);
    const made = await oneoffs.create(await parts.readOneoffData(data), actorOf(ctx));
    goTo(ctx, `/oneoffs/${encodeURIComponent(made.key)}?made=1`);
  } catch (error) {
    if (!(error instanceof Refusal) || !["invalid", "conflict"].includes(error.kind)) throw error;
    ctx.status = error.kind === "invalid" ? 422 : 409;
    const faults = error.kind === "conflict" ? { key: error.message } : faultsByField(error);
    await showForm(ctx, parts, form, faults);
  }
}

async function showForm(
  ctx: Web,
  { store, pages, world, zone }: OneoffPageParts,
  form: OneoffForm,
  faults: Record<string, string>,
): Promise<void> {
  const tree = await loadTree(store.read);
  const regions = tree.nodes.slice(0, MOST_REGIONS).map(({ id }) => tree.pathName(id).replaceAll(" / ", "/"));
  const today = shopDayOf(world.now(), zone);
  showDesk(ctx, pages, "oneoffs/new", "新建一次性任务", {
    csrf: sessionOf(ctx).csrf,
    ...formPage(form, faults, { regions, today, most: addDays(today, GRACE_DAYS.most) }),
  });
}

/** Whom the form's audience reaches now: said beside it while it is being chosen. */
async function countAudience(ctx: Web, { audiences, pages }: OneoffPageParts): Promise<void> {
  const form = readForm(bodyOf(ctx));
  const counted = async () => audiences.count(audienceOf(form));
  const said = await counted().then(
    ({ customers, with_owner, says, warnings }) => ({
      ...{ fault: "", customers: count(customers), owned: count(with_owner), says, warnings },
    }),
    (error: unknown) => {
      if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
      const fault = [error.message, ...Object.values(faultsByField(error))].join(" ");
      return { fault, customers: "", owned: "", says: "", warnings: [] };
    },
  );
  const values = { ...said, language: languageOf(ctx) };
  if (wantsFragment(ctx)) {
    ctx.type = "html";
    ctx.body = pages.page("oneoffs/reach", values);
  } else showDesk(ctx, pages, "oneoffs/reach", "人群", values);
}

function keyOf(ctx: Web): string {
  return String((ctx.params as Record<string, string>).key ?? "");
}
