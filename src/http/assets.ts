// Sends the pages' style sheets, scripts and pictures; those asked for by version are kept for a year.
import { type Assets, encodingFor } from "../infra/assets.js";
import type { Step } from "../infra/web.js";

const PREFIX = "/assets/";

/** Answers GET and HEAD below /assets/. */
export function serveAssets(assets: Assets): Step {
  return async (ctx, next) => {
    const asset = ctx.path.startsWith(PREFIX) ? assets.find(ctx.path.slice(PREFIX.length)) : undefined;
    if (!asset || !["GET", "HEAD"].includes(ctx.method)) return next();
    const isExact = ctx.query.v === asset.version;
    ctx.set("Cache-Control", isExact ? "public, max-age=31536000, immutable" : "no-cache");
    // the script that keeps a guide's pages for a phone without network may stand in for these pages alone
    if (ctx.path === `${PREFIX}worker.js`) ctx.set("Service-Worker-Allowed", "/g/");
    ctx.vary("Accept-Encoding");
    ctx.set("ETag", `"${asset.version}"`);
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const { bytes, encoding } = await asset.as(encodingFor(ctx));
    ctx.body = bytes;
    ctx.set("Content-Type", asset.type);
    if (encoding !== "identity") ctx.set("Content-Encoding", encoding);
  };
}
