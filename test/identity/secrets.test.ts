// Tokens, digests and signed links.
import { digestOf, freshToken, isSame, readLink, signLink } from "../../src/identity/secrets.js";

const key = Buffer.alloc(32, 7);
const claim = { guideId: 12, until: 1_790_000_000_000 };

it("tokens are long, fit a URL and never repeat", () => {
  const tokens = Array.from({ length: 100 }, freshToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
});

it("a digest is sha256 in hex", () => {
  expect(digestOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

it.each([
  ["a", "a", true],
  ["a", "b", false],
  ["a", "aa", false],
  ["", "", true],
])("%j and %j: %s", (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
});

it("a link says what was signed, and fits a URL", () => {
  const link = signLink(claim, key);
  expect(link).toMatch(/^[\w.-]{50,80}$/);
  expect(readLink(link, key)).toEqual(claim);
  expect(signLink(claim, key)).toBe(link);
});

it.each([
  ["another guide", (link: string) => link.replace(/^12/, "13")],
  ["a later end", (link: string) => link.replace(/^(\d+\.)(.)/, "$1z")],
  ["a cut signature", (link: string) => link.slice(0, -1)],
  ["another signature", (link: string) => `${link.slice(0, -2)}AA`],
  ["a longer one", (link: string) => `${link}A`],
  ["nothing", () => ""],
  ["parts missing", () => "12.abc"],
])("a link with %s is none", (_name, forge) => {
  expect(readLink(forge(signLink(claim, key)), key)).toBeUndefined();
});

it("a link of another key is none", () => {
  expect(readLink(signLink(claim, Buffer.alloc(32, 8)), key)).toBeUndefined();
});
