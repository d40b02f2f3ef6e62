// The callback crypto against every known vector and against WeCom's own package as the outside oracle.
import oracle from "@wecom/crypto";
import fc from "fast-check";
import {
  CallbackFault,
  decrypt,
  encrypt,
  jsapiSignature,
  signatureFits,
  signatureOf,
} from "../../../src/channels/wecom/crypto.js";
import { openVectors, pageVector, sealVectors } from "./vectors.js";

const official = openVectors[1]!;

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CallbackFault) return `${error.fault} ${error.code}`;
    throw error;
  }
  return "none";
}

describe("opening", () => {
  test.each(openVectors)("$name", (vector) => {
    expect(signatureOf(vector.token, vector.timestamp, vector.nonce, vector.encrypted)).toBe(
      vector.signature,
    );
    const opened = decrypt(vector.aesKey, vector.receiveid, vector.encrypted);
    if (typeof vector.message === "string") expect(opened.message).toBe(vector.message);
    else expect(opened.message).toMatch(vector.message);
    if (vector.random) expect(opened.random.toString("latin1")).toBe(vector.random);
  });
});

describe("sealing", () => {
  test.each(sealVectors.rows)("$name", (row) => {
    const { aesKey, receiveid, token, timestamp, nonce } = sealVectors;
    const sealed = encrypt(aesKey, receiveid, row.message, Buffer.from(sealVectors.random));
    expect(sealed).toBe(row.encrypted);
    expect(signatureOf(token, timestamp, nonce, sealed)).toBe(row.signature);
    expect(decrypt(aesKey, receiveid, sealed).message).toBe(row.message);
  });
});

test("a page's signature: V6, and the part after # does not count", () => {
  expect(jsapiSignature(pageVector)).toBe(pageVector.signature);
  expect(jsapiSignature({ ...pageVector, url: `${pageVector.url}#list` })).toBe(pageVector.signature);
});

describe("what is refused", () => {
  const { aesKey, receiveid, encrypted } = official;
  const otherKey = `${aesKey.slice(0, 42)}D`;
  const cut = Buffer.from(encrypted, "base64").subarray(0, 40).toString("base64");
  test.each([
    ["a key of 42 characters", () => decrypt(aesKey.slice(1), receiveid, encrypted), "aesKey -40004"],
    ["another receiver", () => decrypt(aesKey, "ww0000000000000000", encrypted), "receiver -40005"],
    ["another key", () => decrypt(`A${otherKey.slice(1)}`, receiveid, encrypted), "decrypt -40007"],
    ["half an envelope", () => decrypt(aesKey, receiveid, cut), "decrypt -40007"],
    ["nothing", () => decrypt(aesKey, receiveid, ""), "decrypt -40007"],
    ["15 random bytes", () => encrypt(aesKey, receiveid, "x", Buffer.alloc(15)), "buffer -40008"],
  ])("%s", (_name, work, expected) => {
    expect(faultOf(work)).toBe(expected);
  });

  test("a signature of another length or with one other digit", () => {
    const { signature } = official;
    expect(signatureFits(signature, signature)).toBe(true);
    expect(signatureFits(signature, `${signature}0`)).toBe(false);
    expect(signatureFits(signature, signature.replace(/^./, "5"))).toBe(false);
    expect(signatureFits(signature, "")).toBe(false);
  });

  test("no damaged envelope brings anything but a CallbackFault", () => {
    const bytes = Buffer.from(encrypted, "base64");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = Buffer.from(bytes);
        damaged[place] = damaged[place]! ^ change;
        const fault = faultOf(() => decrypt(aesKey, receiveid, damaged.toString("base64")));
        // a change in the middle garbles two blocks of text and nothing else: that is what the signature is for
        expect(fault).toMatch(/^(none|decrypt|buffer|receiver)/);
      }),
    );
  });
});

describe("the same as @wecom/crypto", () => {
  const aesKeys = fc
    .array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), {
      minLength: 43,
      maxLength: 43,
    })
    .map((letters) => letters.join(""));
  const random16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));

  test("for any message, key, receiver and random bytes", () => {
    fc.assert(
      fc.property(
        aesKeys,
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.stringMatching(/^ww[0-9a-f]{16}$/),
        random16,
        (key, message, receiveid, random) => {
          const ours = encrypt(key, receiveid, message, random);
          expect(ours).toBe(oracle.encrypt(key, message, receiveid, random));
          expect(oracle.decrypt(key, ours)).toMatchObject({ message, id: receiveid });
          expect(decrypt(key, receiveid, ours).message).toBe(message);
        },
      ),
    );
  });

  test("for any signature", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(),
        fc.string(),
        fc.base64String(),
        (token, timestamp, nonce, encrypted) => {
          const ours = signatureOf(token, String(timestamp), nonce, encrypted);
          expect(ours).toBe(oracle.getSignature(token, timestamp, nonce, encrypted));
        },
      ),
    );
  });

  test("for any page", () => {
    // the package takes an empty nonce or a zero time as "make one for me"
    const some = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1 }), fc.webUrl(), (ticket, noncestr, timestamp, url) => {
        const theirs = oracle.getJsApiSignature({ ticket, nonceStr: noncestr, timestamp, url });
        expect(jsapiSignature({ ticket, noncestr, timestamp, url })).toBe(theirs.signature);
      }),
    );
  });
});
