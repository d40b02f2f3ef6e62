// People and roles, for HQ: accounts found, made, changed, shut and opened again, passwords given anew.
import { Router } from "@koa/router";
import { z } from "zod";
import { type Guard, viewerOf } from "../../identity/guard.js";
import type { PeopleService, PersonForm } from "../../identity/people.js";
import type { PeopleQuery } from "../../identity/people-rows.js";
import { type Role, roles } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, languageOf, readValues, type Web } from "../../infra/web.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { formPage, peoplePage, personPage, type TypedPerson } from "./page.js";
import { placeIds, placesLike, placeText } from "./places.js";

export interface PeoplePageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  people: PeopleService;
}

const role = z.enum(roles as [Role, ...Role[]], "总部、区域经理、店长或导购");
const query = z.object({
  q: z.string().trim().max(64, "不超过 64 个字").default(""),
  role: z.union([z.literal(""), role]).default(""),
  state: z.enum(["", "enabled", "disabled"], "启用或停用").default(""),
  after: z.coerce.number().int().min(0).default(0),
});
const NAMES = { q: "搜索", role: "角色", state: "状态", login: "登录名", name: "姓名", place: "范围" };
const form = z.object({
  login: z.string().trim().max(64, "不超过 64 个字").default(""),
  name: z.string().trim().max(120, "不超过 120 个字").default(""),
  role,
  place: z.string().trim().max(120, "不超过 120 个字").default(""),
});
const LOGIN = /^[a-z0-9][a-z0-9._@-]{1,63}$/;
/** One more than is shown says whether there are more. */
const PAGE = 51;

/** Everything below /settings/people. */
export function peoplePages(parts: PeoplePageParts): Router {
  const { guard, people, pages, zone } = parts;
  const router = new Router({ prefix: "/settings/people" });
  const may = guard.may("keep_people");
  const show: Show = async (ctx, id, more = {}) => {
    const person = await people.show(id);
    const { login, name, role: of } = person;
    const typed = { login, name, role: of, place: await placeText(parts.store.read, person.place) };
    const isSelf = viewerOf(ctx).accountId === id;
    showDesk(ctx, pages, "people/person", person.name, personPage(person, zone, { typed, ...more, isSelf }));
  };
  router.get("/", may, async (ctx) => {
    const asked = queryOf(readValues(query, ctx.query, "query", NAMES));
    const [list, counts] = [await people.list(asked), await people.counts()];
    showDesk(ctx, pages, "people/list", "人员与权限", peoplePage(list, asked, counts, zone));
  });
  router.get("/new", may, (ctx) =>
    showNew(ctx, parts, { login: "", name: "", role: "store_manager", place: "" }),
  );
  router.get("/places", may, async (ctx) => {
    const { role: of, place } = readValues(form, ctx.query, "query", NAMES);
    ctx.type = "html";
    ctx.body = pages.page("people/places", {
      language: languageOf(ctx),
      places: await placesLike(parts.store.read, of, place),
    });
  });
  router.post("/", may, guard.csrf, async (ctx) => create(ctx, parts, show));
  router.get("/:id", may, (ctx) => show(ctx, idOf(ctx.params.id)));
  router.post("/:id", may, guard.csrf, async (ctx) => change(ctx, parts, show));
  addPersonActs(router, parts, show);
  return router;
}

type Show = (
  ctx: Web,
  id: number,
  more?: { typed?: TypedPerson; faults?: Refusal["faults"]; password?: string },
) => Promise<void>;

/** What is done to an account with one press. */
function addPersonActs(router: Router, { guard, people }: PeoplePageParts, show: Show): void {
  const [may, { csrf }] = [guard.may("keep_people"), guard];
  for (const [word, disabled] of [
    ["disable", true],
    ["enable", false],
  ] as const)
    router.post(`/:id/${word}`, may, csrf, async (ctx) => {
      const id = idOf(ctx.params.id);
      if (disabled && viewerOf(ctx).accountId === id) throw new Refusal("conflict", "不能停用自己的账号。");
      await people.setDisabled(id, disabled, actorOf(ctx));
      goTo(ctx, `/settings/people/${id}`);
    });
  router.post("/:id/password", may, csrf, async (ctx) => {
    const id = idOf(ctx.params.id);
    const password = await people.resetPassword(id, actorOf(ctx));
    await show(ctx, id, { password });
  });
  router.post("/:id/end-sessions", may, csrf, async (ctx) => {
    const id = idOf(ctx.params.id);
    await people.endSessions(id, actorOf(ctx));
    goTo(ctx, `/settings/people/${id}`);
  });
}

async function create(ctx: Web, parts: PeoplePageParts, show: Show): Promise<void> {
  const typed = typedIn(ctx);
  try {
    mustBeWhole(typed);
    const person = { ...(await personOf(parts.store, typed)), login: typed.login.toLowerCase() };
    const { id, password } = await parts.people.create(person, actorOf(ctx));
    ctx.status = 201;
    await show(ctx, id, { password });
  } catch (error) {
    showNew(ctx, parts, typed, refused(error));
  }
}

async function change(ctx: Web, parts: PeoplePageParts, show: Show): Promise<void> {
  const id = idOf(ctx.params.id);
  const { login } = await parts.people.show(id);
  const typed = { ...typedIn(ctx), login };
  try {
    mustBeWhole(typed);
    await parts.people.change(id, await personOf(parts.store, typed), actorOf(ctx));
  } catch (error) {
    ctx.status = 422;
    return show(ctx, id, { typed, faults: refused(error) });
  }
  goTo(ctx, `/settings/people/${id}`);
}

function showNew(
  ctx: Web,
  { pages }: PeoplePageParts,
  typed: TypedPerson,
  faults: Refusal["faults"] = [],
): void {
  if (faults.length > 0) ctx.status = 422;
  showDesk(ctx, pages, "people/new", "新账号", { form: formPage(typed, faults) });
}

/** What is wrong with what was typed, to stand beside it; other errors go their way. */
function refused(error: unknown): Refusal["faults"] {
  if (!(error instanceof Refusal) || !["invalid", "conflict", "not_found"].includes(error.kind)) throw error;
  return error.faults.length > 0 ? error.faults : [{ where: "账号", expected: error.message }];
}

function typedIn(ctx: Web): TypedPerson {
  return readValues(form, bodyOf(ctx), "account", NAMES);
}

function mustBeWhole({ login, name }: TypedPerson): void {
  const faults = [
    ...(LOGIN.test(login.toLowerCase()) || /^guide:\d+$/.test(login)
      ? []
      : [{ where: "登录名", value: login, expected: "2 到 64 个字母、数字或 . _ @ -，以字母或数字开头" }]),
    ...(name === "" ? [{ where: "姓名", expected: "1 到 120 个字" }] : []),
  ];
  if (faults.length > 0) throw new Refusal("invalid", "账号没有保存。", faults);
}

async function personOf(store: Store, { name, role: of, place }: TypedPerson): Promise<PersonForm> {
  return { name, role: of, ...(await placeIds(store.read, of, place)) };
}

function queryOf({ q, role: of, state, after }: z.infer<typeof query>): PeopleQuery {
  return {
    ...{ search: q || undefined, role: of || undefined, after, limit: PAGE },
    disabled: state === "" ? undefined : state === "disabled",
  };
}
