// Small pictures for tests, real ones.
import { Resvg } from "@resvg/resvg-js";

/** A PNG of one colour. */
export function png(width = 40, height = 30, colour = "#c33"): Buffer {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${colour}"/></svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
}

/** The smallest JPEG head that tells its size (1 × 1). */
export const jpg = Buffer.from(
  "ffd8ffe000104a46494600010101000100010000ffc0001108000100010301220002110103110 1ffd9".replaceAll(" ", ""),
  "hex",
);
