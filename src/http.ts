// The Koa app: log, headers, errors as JSON or page, health, assets and the slices' routers. Does not listen.

import { bodyParser } from "@koa/bodyparser";
import Koa from "koa";
import { serveAssets } from "./http/assets.js";
import { answerErrors, saidOf } from "./http/errors.js";
import { encode, encodingFor, isWorthEncoding } from "./infra/assets.js";
import type { Step, Web } from "./infra/web.js";
import type { AppBase } from "./wire/routers.js";

/** The whole app, not listening. Behind a proxy the last X-Forwarded-For is believed, and only then. */
export function createApp(parts: AppBase): Koa {
  const app = new Koa({ proxy: parts.publicUrl !== "", maxIpsCount: 1 });
  app.on("error", (error: Error) => parts.log.warn({ error: saidOf(error) }, "an answer broke off"));
  app.use(measured(parts));
  app.use(answerErrors(parts));
  // machines that wait for an answer to each of their pushes: past all that pages need
  app.use(parts.pushes.routes());
  app.use(headers(parts.publicUrl.startsWith("https:")));
  app.use(compressed);
  app.use(serveAssets(parts.assets));
  app.use(health(parts));
  app.use(
    bodyParser({
      enableTypes: ["json", "form", "xml", "text"],
      jsonLimit: "5mb",
      formLimit: "64kb",
      xmlLimit: "1mb",
      textLimit: "1mb",
    }),
  );
  for (const step of parts.steps ?? []) app.use(step);
  for (const router of parts.routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}

/** Logs each request by path without its query (a link's token may stand there) and counts it by route. */
function measured({ log, world, metrics }: AppBase): Step {
  return async (ctx, next) => {
    const began = world.now();
    await next();
    const ms = world.now() - began;
    const route = String(ctx._matchedRoute ?? (ctx.path.startsWith("/assets/") ? "/assets" : "none"));
    metrics.answered(route, ctx.method, ctx.status, ms);
    const line = { method: ctx.method, path: ctx.path, status: ctx.status, ms };
    if (/^\/(assets\/|healthz|readyz|metrics)/.test(ctx.path)) log.debug(line, "request");
    else log.info(line, "request");
  };
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

function headers(isHttps: boolean): Step {
  return async (ctx, next) => {
    ctx.set("Content-Security-Policy", POLICY);
    ctx.set("X-Content-Type-Options", "nosniff");
    ctx.set("X-Frame-Options", "DENY");
    // forms must keep their Origin, links to other sites must not tell ours
    ctx.set("Referrer-Policy", "same-origin");
    ctx.set("Cross-Origin-Opener-Policy", "same-origin");
    ctx.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    ctx.set("Cache-Control", "no-store");
    if (isHttps) ctx.set("Strict-Transport-Security", "max-age=31536000");
    await next();
  };
}

/** Pages and JSON, compressed as they go; assets come compressed already. */
async function compressed(ctx: Web, next: () => Promise<unknown>): Promise<void> {
  await next();
  const { body } = ctx;
  const isPlain = !ctx.response.get("Content-Encoding") && ctx.method !== "HEAD";
  if (!isPlain || typeof body !== "string" || !isWorthEncoding(body.length, ctx.type)) return;
  const encoding = encodingFor(ctx);
  ctx.vary("Accept-Encoding");
  if (encoding === "identity") return;
  const type = ctx.response.get("Content-Type");
  ctx.body = await encode(Buffer.from(body), encoding, 4);
  ctx.set("Content-Type", type);
  ctx.set("Content-Encoding", encoding);
}

function health({ ready, metrics }: AppBase): Step {
  return async (ctx, next) => {
    if (ctx.path === "/healthz") ctx.body = { ok: true };
    else if (ctx.path === "/readyz") {
      await ready();
      ctx.body = { ok: true };
    } else if (ctx.path === "/metrics") {
      ctx.set("Content-Type", metrics.registry.contentType);
      ctx.body = await metrics.registry.metrics();
    } else await next();
  };
}
