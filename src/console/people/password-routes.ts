// One's own password, for everybody who has one: at the desk and on the phone.
import { Router } from "@koa/router";
import { z } from "zod";
import { type Guard, SESSION_COOKIE, viewerOf } from "../../identity/guard.js";
import type { PeopleService } from "../../identity/people.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, readValues, type Web } from "../../infra/web.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import { showDesk, showPhone } from "../pages.js";

interface PasswordPageParts {
  guard: Guard;
  pages: PageRenderer;
  people: PeopleService;
}

const text = z.string().max(200, "不超过 200 个字符").default("");
const form = z.object({ current: text, next: text, again: text });
const NAMES = { current: "现在的密码", next: "新密码", again: "再输入一次" };

/** GET and POST /settings/password. */
export function passwordPages({ guard, pages, people }: PasswordPageParts): Router {
  const router = new Router();
  const show = async (ctx: Web, told: { faults?: readonly Fault[]; isDone?: boolean } = {}) => {
    const { accountId, role } = viewerOf(ctx);
    const { login, hasPassword } = await people.show(accountId);
    const faults = (told.faults ?? []).map(({ where, expected }) => ({ where, expected }));
    const values = { login, hasPassword, faults, isDone: told.isDone ?? false };
    if (role === "guide") showPhone(ctx, { pages }, "people/password", "修改密码", values);
    else showDesk(ctx, pages, "people/password", "修改密码", values);
  };
  router.get("/settings/password", guard.signedIn, (ctx) => show(ctx));
  router.post("/settings/password", guard.signedIn, guard.csrf, async (ctx) => {
    try {
      const { current, next, again } = readValues(form, bodyOf(ctx), "password", NAMES);
      if (next !== again)
        throw new Refusal("invalid", "密码没有修改。", [{ where: "再输入一次", expected: "与新密码相同" }]);
      const token = ctx.cookies.get(SESSION_COOKIE) ?? "";
      await people.changeOwnPassword(viewerOf(ctx).accountId, { current, next, token });
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "invalid") throw error;
      ctx.status = 422;
      return show(ctx, { faults: error.faults });
    }
    return show(ctx, { isDone: true });
  });
  return router;
}
