// The sandbox's own pages: phones to look at and to play with, and faults on demand.
import type { Context, Middleware, Next } from "koa";
import { renderSVG } from "uqr";
import { readFault, readRandomFaults } from "./faults.js";
import { pictureType } from "./media.js";
import { type PageGuide, pageOf, screenOf } from "./page.js";
import type { Phone } from "./phone.js";
import { readBody } from "./requests.js";
import type { Stage } from "./stage.js";

type Form = Record<string, string>;

/** What the page plays with; a Sandbox is one. */
export interface Player {
  phone(userid: string): Phone | undefined;
  guideConfirms(userid: string, msgid: string): Promise<unknown>;
  guideSays(userid: string, text: string): Promise<unknown>;
  guideTaps(userid: string, cardId: string, key: string): Promise<unknown>;
  guideWrites(userid: string, externalUserid: string, text: string): Promise<unknown>;
  customerSays(externalUserid: string, userid: string, text: string): Promise<unknown>;
  customerLeaves(externalUserid: string, userid: string): Promise<unknown>;
}

/** GET /sandbox, /sandbox/phones/USERID (JSON), /sandbox/screens/USERID (HTML), /sandbox/media/ID, /sandbox/codes/ID; POST /sandbox/verbs/VERB, /sandbox/faults. */
export function sandboxRoutes(player: Player, stage: Stage): Middleware {
  return async (ctx: Context, next: Next) => {
    const [, root, kind, ...rest] = ctx.path.split("/").map(decodeURIComponent);
    const name = rest.join("/");
    if (root !== "sandbox") return next();
    // another site's page must not act here through the browser of whoever runs the sandbox
    const origin = ctx.get("origin");
    if (origin !== "" && origin !== `http://${ctx.host}`) return ctx.throw(403);
    if (ctx.method === "GET") return show(player, stage, ctx, kind, name);
    if (ctx.method === "POST" && kind === "faults") return addFault(stage, ctx);
    if (ctx.method === "DELETE" && kind === "faults") return clearFaults(stage, ctx);
    if (ctx.method === "POST" && kind === "verbs") return act(player, ctx, name);
    return next();
  };
}

async function show(
  player: Player,
  stage: Stage,
  ctx: Context,
  kind: string | undefined,
  name: string,
): Promise<void> {
  const phone = name === "" ? undefined : player.phone(name);
  if (kind === undefined || kind === "") {
    ctx.body = pageOf(guidesToPick(stage), stage.ground.world.now());
  } else if (kind === "faults") {
    ctx.body = faultsOf(stage);
  } else if (kind === "phones" && phone) {
    ctx.body = phone;
  } else if (kind === "screens" && phone) {
    ctx.body = screenOf(phone);
  } else if (kind === "media") {
    sendFile(ctx, stage.media.byId(name)?.bytes);
  } else if (kind === "codes" && stage.media.code(name)) {
    sendFile(ctx, await codePicture(name));
  }
}

function sendFile(ctx: Context, bytes: Buffer | undefined): void {
  if (!bytes) return;
  ctx.type = pictureType(bytes) ?? "application/octet-stream";
  ctx.body = bytes;
}

/** What a customer scans to become a guide's contact. */
async function codePicture(configId: string): Promise<Buffer> {
  const { Resvg } = await import("@resvg/resvg-js");
  const svg = renderSVG(`https://work.weixin.qq.com/ca/${configId}`, { border: 2 });
  return new Resvg(svg, { fitTo: { mode: "width", value: 300 } }).render().asPng();
}

/** Those with something to tap come first. */
function guidesToPick(stage: Stage): PageGuide[] {
  const waiting = stage.masses.waiting();
  return stage.roster
    .guides()
    .map(({ userid, name }) => ({ userid, name, waiting: waiting.get(userid.toLowerCase()) ?? 0 }))
    .sort((left, right) => right.waiting - left.waiting);
}

/** One fault on demand, or shares by which they come: {"seed": "a", "shares": {"busy": 0.1}}. */
async function addFault(stage: Stage, ctx: Context): Promise<void> {
  const asked = parsed(await readBody(ctx.req));
  const fault = readFault(asked);
  const random = readRandomFaults(asked);
  ctx.status = fault || random ? 200 : 400;
  if (fault) stage.faults.add(fault);
  else if (random) stage.faults.byChance(random);
  ctx.body = faultsOf(stage);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function faultsOf(stage: Stage): object {
  return { coming: stage.faults.list(), byChance: stage.faults.random ?? null };
}

function clearFaults(stage: Stage, ctx: Context): void {
  stage.faults.clear();
  ctx.body = faultsOf(stage);
}

const verbs: Record<string, (player: Player, form: Form) => Promise<unknown>> = {
  confirm: (player, form) => player.guideConfirms(form.userid ?? "", form.msgid ?? ""),
  customerSays: (player, form) =>
    player.customerSays(form.externalUserid ?? "", form.userid ?? "", form.text ?? ""),
  guideWrites: (player, form) =>
    player.guideWrites(form.userid ?? "", form.externalUserid ?? "", form.text ?? ""),
  guideSays: (player, form) => player.guideSays(form.userid ?? "", form.text ?? ""),
  guideTaps: (player, form) => player.guideTaps(form.userid ?? "", form.cardId ?? "", form.key ?? ""),
  customerLeaves: (player, form) => player.customerLeaves(form.externalUserid ?? "", form.userid ?? ""),
};

async function act(player: Player, ctx: Context, name: string): Promise<void> {
  const verb = verbs[name];
  if (!verb) return;
  const form = Object.fromEntries(new URLSearchParams(await readBody(ctx.req)));
  await verb(player, form);
  const phone = player.phone(form.userid ?? "");
  ctx.body = phone ? screenOf(phone) : "";
}
