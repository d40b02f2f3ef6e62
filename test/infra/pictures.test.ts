// Pictures by their own bytes, and one laid into another.
import { Resvg } from "@resvg/resvg-js";
import { overlaid, PICTURE_FONT, pictureFrom, pictureOf } from "../../src/infra/pictures.js";
import { jpg, png } from "../support/pictures.js";

it.each([
  ["a PNG", png(40, 30), { type: "png", width: 40, height: 30 }],
  ["a JPEG", jpg, { type: "jpg", width: 1, height: 1 }],
  ["words", Buffer.from("GIF89 or not, this is no picture"), undefined],
  ["a GIF", Buffer.from("474946383961010001000000002c00000000010001000002024c01003b", "hex"), undefined],
  ["nothing", Buffer.alloc(0), undefined],
])("%s is told by its content", (_name, bytes, expected) => {
  expect(pictureOf(bytes)).toEqual(expected);
});

it("lays a picture into a square of another, and nowhere else", async () => {
  const whole = await overlaid(png(100, 80, "#ffffff"), png(10, 10, "#000000"), {
    left: 60,
    top: 20,
    size: 30,
  });
  expect(pictureOf(whole)).toEqual({ type: "png", width: 100, height: 80 });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="80"><image width="100" height="80" href="data:image/png;base64,${whole.toString("base64")}"/></svg>`;
  const { pixels } = new Resvg(svg).render();
  const red = (x: number, y: number) => pixels[(y * 100 + x) * 4];
  expect([red(75, 35), red(61, 21), red(88, 48)]).toEqual([0, 0, 0]);
  expect([red(55, 35), red(75, 15), red(95, 35), red(75, 55)]).toEqual([255, 255, 255, 255]);
});

it("raises on what is no picture", async () => {
  await expect(
    overlaid(png(), Buffer.from("no picture at all"), { left: 0, top: 0, size: 10 }),
  ).rejects.toThrow();
});

describe("drawings with Chinese words", () => {
  const side = 40;
  /** The picture of one letter, as how dark each pixel is. */
  const drawn = async (letter: string, font = PICTURE_FONT) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="${side}" height="${side}" fill="#fff"/><text x="4" y="32" font-size="30" font-family="${font}">${letter}</text></svg>`;
    const bytes = await pictureFrom(svg, 1);
    const shown = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><image width="${side}" height="${side}" href="data:image/png;base64,${bytes.toString("base64")}"/></svg>`;
    const { pixels } = new Resvg(shown, { font: { loadSystemFonts: false } }).render();
    return Array.from({ length: side * side }, (_, at) => 255 - (pixels[at * 4] ?? 255));
  };
  const ink = (dark: readonly number[]) => dark.filter((one) => one > 128).length;
  const apart = (one: readonly number[], other: readonly number[]) =>
    one.filter((dark, at) => Math.abs(dark - (other[at] ?? 0)) > 128).length;

  it("draws every letter, each its own, and none as the box that stands for what a font lacks", async () => {
    const box = await drawn("\ue000");
    const letters = await Promise.all([..."华东完成率回复小结"].map((letter) => drawn(letter)));
    for (const letter of letters) {
      expect(ink(letter)).toBeGreaterThan(60);
      expect(apart(letter, box)).toBeGreaterThan(60);
      for (const other of letters) if (other !== letter) expect(apart(letter, other)).toBeGreaterThan(60);
    }
    expect(ink(await drawn("一"))).toBeLessThan(ink(letters[2] ?? []));
  });

  it("asks the machine for no font", async () => {
    expect(ink(await drawn(" "))).toBe(0);
  });

  it("is sharper than it was drawn", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>';
    expect(pictureOf(await pictureFrom(svg, 2))).toEqual({ type: "png", width: 60, height: 40 });
  });
});
