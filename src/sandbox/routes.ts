// The sandbox's own pages: phones to hold, people to be, and faults on demand.
import type { Context, Middleware, Next } from "koa";
import { renderSVG } from "uqr";
import { readFault, readRandomFaults } from "./faults.js";
import { pictureType } from "./media.js";
import { customerList, guideList, pageOf } from "./page.js";
import { type Player, play } from "./page-verbs.js";
import { readBody } from "./requests.js";
import { screenAt } from "./screens.js";
import type { Stage } from "./stage.js";

/** GET /sandbox, /sandbox/people/guides|customers?q= and /sandbox/screens/SCREEN (HTML), /sandbox/phones/USERID (JSON), /sandbox/media/ID,
 *  /sandbox/codes/ID, /sandbox/faults; POST /sandbox/verbs/VERB, /sandbox/faults; DELETE /sandbox/faults. */
export function sandboxRoutes(player: Player, stage: Stage): Middleware {
  return async (ctx: Context, next: Next) => {
    const [, root, kind, ...rest] = ctx.path.split("/").map(decoded);
    const name = rest.join("/");
    if (root !== "sandbox") return next();
    // another site's page must not act here through the browser of whoever runs the sandbox
    const origin = ctx.get("origin");
    if (origin !== "" && origin !== `http://${ctx.host}`) return ctx.throw(403);
    if (ctx.method === "GET") return show(player, stage, ctx, kind, name);
    if (ctx.method === "POST" && kind === "faults") return addFault(stage, ctx);
    if (ctx.method === "DELETE" && kind === "faults") return clearFaults(stage, ctx);
    if (ctx.method === "POST" && kind === "verbs") return act(player, stage, ctx, name);
    return next();
  };
}

/** A piece of a path; one that is no good encoding stands for itself. */
function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

async function show(
  player: Player,
  stage: Stage,
  ctx: Context,
  kind: string | undefined,
  name: string,
): Promise<void> {
  const wanted = new URLSearchParams(ctx.querystring).get("q") ?? "";
  switch (kind ?? "") {
    case "":
      ctx.body = pageOf(stage.ground.world.now());
      break;
    case "people":
      if (name === "guides") ctx.body = guideList(stage, wanted);
      if (name === "customers") ctx.body = customerList(stage, wanted);
      break;
    case "screens":
      ctx.body = screenAt(stage, name);
      break;
    case "phones":
      ctx.body = player.phone(name);
      break;
    case "faults":
      ctx.body = faultsOf(stage);
      break;
    case "media":
      sendFile(ctx, stage.media.byId(name)?.bytes);
      break;
    case "codes":
      if (stage.media.code(name)) sendFile(ctx, await codePicture(name));
      break;
    default:
  }
  // a body of nothing would be a 204
  if (ctx.body === undefined || ctx.body === null) ctx.status = 404;
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

async function act(player: Player, stage: Stage, ctx: Context, verb: string): Promise<void> {
  const form = Object.fromEntries(new URLSearchParams(await readBody(ctx.req)));
  const done = await play(player, stage, verb, form);
  if (done) ctx.body = done;
}
