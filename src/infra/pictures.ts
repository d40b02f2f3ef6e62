// Pictures: what kind they are, and one laid over another.
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

function inline(bytes: Buffer): string {
  const kind = mustBe(bytes).type === "png" ? "png" : "jpeg";
  return `data:image/${kind};base64,${bytes.toString("base64")}`;
}

function mustBe(bytes: Buffer): Picture {
  const picture = pictureOf(bytes);
  if (!picture) throw new Error("neither a PNG nor a JPEG");
  return picture;
}
