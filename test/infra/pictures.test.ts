// Pictures by their own bytes, and one laid into another.
import { Resvg } from "@resvg/resvg-js";
import { overlaid, pictureOf } from "../../src/infra/pictures.js";
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
