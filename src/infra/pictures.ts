// Pictures: what kind they are, one laid over another, and drawings turned into pixels with a font of our own.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { imageSize } from "image-size";

/** A picture's kind and its size in pixels. */
interface Picture {
  type: "png" | "jpg";
  width: number;
  height: number;
}

/** Where a picture is laid into another: a square in pixels from its upper left corner. */
interface Square {
  left: number;
  top: number;
  size: number;
}

/** What bytes are by their own head, whatever their name says; undefined when they are no PNG and no JPEG. */
export function pictureOf(bytes: Buffer): Picture | undefined {
  try {
    const { type, width, height } = imageSize(bytes);
    return type === "png" || type === "jpg" ? { type, width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** A PNG or JPEG with another laid into a square of it, as a PNG. Raises when one of them is neither. */
export async function overlaid(base: Buffer, inlay: Buffer, { left, top, size }: Square): Promise<Buffer> {
  const { width, height } = mustBe(base);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <image href="${inline(base)}" width="${width}" height="${height}"/>
    <image href="${inline(inlay)}" x="${left}" y="${top}" width="${size}" height="${size}"/></svg>`;
  // a native library: only who makes posters loads it
  const { renderAsync } = await import("@resvg/resvg-js");
  return (await renderAsync(svg, { font: { loadSystemFonts: false } })).asPng();
}

/** The font of drawings with Chinese words: it comes with us, for a server may have none. No other is looked for, so a
 *  text in another font is not drawn at all. */
export const PICTURE_FONT = "Noto Sans S Chinese";

const FONT_FILES = ["NotoSansHans-Regular.otf", "NotoSansHans-Bold.otf"];

/** A drawing (SVG) as a PNG of `sharp` pixels for each of its own. Its texts must name PICTURE_FONT. */
export async function pictureFrom(svg: string, sharp: number): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const picture = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: sharp },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: PICTURE_FONT },
  });
  return picture.asPng();
}

/** The package names no single file of its fonts. */
function fontFiles(): string[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve("@embedpdf/fonts-sc")), "../fonts");
  return FONT_FILES.map((name) => join(folder, name));
}

function inline(bytes: Buffer): string {
  const kind = mustBe(bytes).type === "png" ? "png" : "jpeg";
  return `data:image/${kind};base64,${bytes.toString("base64")}`;
}

function mustBe(bytes: Buffer): Picture {
  const picture = pictureOf(bytes);
  if (!picture) throw new Error("neither a PNG nor a JPEG");
  return picture;
}
