// What is changed on a customer's page: looked at first, done when confirmed; tags; a person erased.
import { Router } from "@koa/router";
import { z } from "zod";
import { sessionOf, viewerOf } from "../../identity/guard.js";
import {
  bodyOf,
  idOf,
  languageOf,
  readValues,
  sayInPassing,
  type Web,
  wantsFragment,
} from "../../infra/web.js";
import type { CustomerAct } from "../../tasks/customer-acts.js";
import { showDesk } from "../pages.js";
import { goTo } from "../routes-answers.js";
import { ACTS, confirmPage, readAct } from "./act-forms.js";
import { type CustomerRouteParts, tagsCard } from "./card.js";
import { nameOfChild } from "./card-page.js";
import { cardOf } from "./pieces.js";

const tagForm = z.object({ tag: z.string("标签").trim().min(1, "标签名称").max(60, "最多 60 个字") });
const eraseForm = z.object({ typed: z.string("客户的姓名").max(200, "客户的姓名") });

/** POST /customers/:id/acts/ACT, /tags/add, /tags/remove, /erase; GET /customers/:id/erase. */
export function customerActPages(parts: CustomerRouteParts): Router {
  const { guard, tags } = parts;
  const router = new Router({ prefix: "/customers" });
  const keep = guard.may("keep_customers");
  for (const act of Object.keys(ACTS) as CustomerAct["act"][])
    router.post(`/:id/acts/${act}`, guard.may(ACTS[act]), guard.csrf, (ctx) => doAct(ctx, parts, act));
  for (const what of ["add", "remove"] as const)
    router.post(`/:id/tags/${what}`, keep, guard.csrf, async (ctx) => {
      const { tag } = readValues(tagForm, bodyOf(ctx), "form", { tag: "标签" });
      const viewer = viewerOf(ctx);
      const card = await cardOf(parts, viewer, idOf(ctx.params.id));
      await tags[what]([card.externalUserid], tag, `account:${viewer.accountId}`);
      await answerTags(ctx, parts, what === "add" ? `已加标签「${tag}」` : `已去掉标签「${tag}」`);
    });
  router.get("/:id/erase", keep, async (ctx) => {
    const { id, name, externalUserid } = await cardOf(parts, viewerOf(ctx), idOf(ctx.params.id));
    const values = { id, name: name || externalUserid };
    showDesk(ctx, parts.pages, "customers/erase", "删除个人资料", values);
  });
  router.post("/:id/erase", keep, guard.csrf, async (ctx) => {
    const { typed } = readValues(eraseForm, bodyOf(ctx), "form", { typed: "姓名" });
    const { ended } = await parts.customerWork.erase(viewerOf(ctx), idOf(ctx.params.id), typed);
    goTo(ctx, `/customers?erased=${ended}`);
  });
  return router;
}

/** Shows what a change would come to; with its confirmation makes it. */
async function doAct(ctx: Web, parts: CustomerRouteParts, kind: CustomerAct["act"]): Promise<void> {
  const { customerWork, pages } = parts;
  const viewer = viewerOf(ctx);
  const id = idOf(ctx.params.id);
  const body = bodyOf(ctx) as { confirmed?: unknown } | undefined;
  const act = readAct(kind, body);
  if (body?.confirmed === "yes") {
    const { moved, dropped, added } = (await customerWork.act(viewer, id, act)).changes;
    goTo(ctx, `/customers/${id}?done=${kind}&moved=${moved}&dropped=${dropped}&added=${added}`);
    return;
  }
  const card = await cardOf(parts, viewer, id);
  const childName = (childNo: number) => nameOfChild(card.children, childNo);
  const outcome = await customerWork.preview(viewer, id, act);
  const values = confirmPage(id, act, outcome, childName);
  if (!wantsFragment(ctx)) {
    showDesk(ctx, pages, "customers/preview", "确认更改", { ...values, name: card.name });
    return;
  }
  ctx.type = "html";
  ctx.body = pages.page("customers/confirm", {
    ...values,
    ...{ csrf: sessionOf(ctx).csrf, language: languageOf(ctx) },
  });
}

async function answerTags(ctx: Web, parts: CustomerRouteParts, said: string): Promise<void> {
  const id = idOf(ctx.params.id);
  if (!wantsFragment(ctx)) {
    goTo(ctx, `/customers/${id}`);
    return;
  }
  sayInPassing(ctx, said);
  const card = await cardOf(parts, viewerOf(ctx), id);
  const values = await tagsCard(ctx, parts, card);
  ctx.type = "html";
  ctx.body = parts.pages.page("customers/tags", {
    ...values,
    csrf: sessionOf(ctx).csrf,
    language: languageOf(ctx),
  });
}
