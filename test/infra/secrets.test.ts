// Phone numbers at rest: readable with the key alone, and masked where people look.
import { randomBytes } from "node:crypto";
import { decrypt, encrypt } from "../../src/infra/secrets.js";

const key = randomBytes(32);
const spoilt = (stored: string, at: number) => {
  const bytes = Buffer.from(stored.slice(3), "base64");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return `v1.${bytes.toString("base64")}`;
};

test.each(["13800005678", "", "王女士"])("%j comes back", (text) => {
  const stored = encrypt(key, text);
  expect(decrypt(key, stored)).toBe(text);
  if (text) expect(stored).not.toContain(text);
});

test("the same number never looks the same twice, and fits its column", () => {
  const twice = [encrypt(key, "13800005678"), encrypt(key, "13800005678")];
  expect(twice[0]).not.toBe(twice[1]);
  expect(twice[0]?.length).toBeLessThanOrEqual(200);
});

test.each([
  ["another key", (stored: string) => decrypt(randomBytes(32), stored)],
  ["a changed nonce", (stored: string) => decrypt(key, spoilt(stored, 0))],
  ["a changed tag", (stored: string) => decrypt(key, spoilt(stored, 15))],
  ["a changed cipher", (stored: string) => decrypt(key, spoilt(stored, 30))],
  ["a cut tail", (stored: string) => decrypt(key, stored.slice(0, 20))],
  ["no mark", (stored: string) => decrypt(key, stored.slice(3))],
])("%s gives nothing", (_name, read) => {
  expect(read(encrypt(key, "13800005678"))).toBeUndefined();
});
