// Style sheets, scripts and pictures of the pages: read once, named by their content, sent compressed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { projectRoot } from "./config.js";
import { familiesIn, onlyFamilies } from "./style-sheets.js";
import type { Web } from "./web.js";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".webmanifest": "application/manifest+json",
};

/** Files of packages that pages use, by the name they are served under. */
const PACKAGED: Readonly<Record<string, string>> = {
  "htmx.js": "htmx.org/dist/htmx.min.js",
  "tabler.css": "@tabler/core/dist/css/tabler.min.css",
  "wecom-jssdk.js": "@wecom/jssdk/dist/wecom.global.prod.js",
  "weui.css": "weui/dist/style/weui.min.css",
};

/** Most of it is for parts of other products. */
const TABLER = "tabler.css";

/** How an answer's bytes are packed. */
export type Encoding = "br" | "gzip" | "identity";

/** One file as it is served. */
export interface Asset {
  type: string;
  /** of its content */
  version: string;
  /** in an encoding, made when first asked for, then kept; the plain bytes when it is not worth it */
  as(encoding: Encoding): Promise<{ bytes: Buffer; encoding: Encoding }>;
}

export interface Assets {
  /** `/assets/desk.css?v=1a2b3c4d`; changes with the file. Raises an Error for a name that is not there. */
  url(name: string): string;
  find(name: string): Asset | undefined;
}

/** Whether text is worth compressing: a small answer fits one packet anyway. */
export function isWorthEncoding(bytes: number, type: string): boolean {
  return bytes > 1000 && /^(text\/|application\/(json|manifest)|image\/svg)/.test(type);
}

/** The best encoding a request takes. */
export function encodingFor(ctx: Web): Encoding {
  return ctx.acceptsEncodings("br", "gzip", "identity") as Encoding;
}

/** Bytes in an encoding. `quality` 1–11, as brotli has it: high for what is kept, low for what is said once. */
export async function encode(bytes: Buffer, encoding: Encoding, quality: number): Promise<Buffer> {
  if (encoding === "identity") return bytes;
  if (encoding === "gzip") return promisify(gzip)(bytes, { level: quality > 8 ? 9 : 6 });
  return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

/** All files of a folder and below it (`help/today.webp`), and those of packages that pages need; each is read when it
 *  is first asked for. */
export function loadAssets(folder: string): Assets {
  const own = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).replaceAll("\\", "/"), path] as const);
  const packaged = Object.entries(PACKAGED).map(
    ([name, path]) => [name, join(projectRoot, "node_modules", path)] as const,
  );
  const paths = new Map([...packaged, ...own]);
  const assets = new Map<string, Asset>();
  const find = (name: string) => {
    const path = paths.get(name);
    if (path === undefined) return undefined;
    const asset = assets.get(name) ?? readAsset(path, contentOf(name, path, folder));
    assets.set(name, asset);
    return asset;
  };
  return {
    url(name) {
      const asset = find(name);
      if (!asset) throw new Error(`no asset ${name} in ${folder}`);
      return `/assets/${name}?v=${asset.version}`;
    },
    find,
  };
}

function contentOf(name: string, path: string, folder: string): Buffer {
  const whole = readFileSync(path);
  if (name !== TABLER) return whole;
  return Buffer.from(onlyFamilies(whole.toString("utf8"), familiesIn(join(folder, ".."))));
}

function readAsset(path: string, plain: Buffer): Asset {
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  const kept = new Map<Encoding, Promise<Buffer>>();
  return {
    type,
    version: createHash("sha256").update(plain).digest("hex").slice(0, 8),
    async as(asked) {
      const encoding = isWorthEncoding(plain.length, type) ? asked : "identity";
      const bytes = kept.get(encoding) ?? encode(plain, encoding, 9);
      kept.set(encoding, bytes);
      return { bytes: await bytes, encoding };
    },
  };
}
