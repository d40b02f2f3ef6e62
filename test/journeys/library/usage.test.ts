// Which touchpoints use an entry: those that say the same however spaced, and those it was put into that still say a sentence.
import type { WordsInUse } from "../../../src/journeys/library/in-use.js";
import { sharesSentence, wordsDigest } from "../../../src/journeys/library/text.js";
import { usesOfEntry } from "../../../src/journeys/library/usage.js";

const words = "亲爱的，{{child.name}}今天满月了。记得去打第二针疫苗哦。";
const entry = { id: 1, digest: wordsDigest(words), words };
const inUse = (touchpointKey: string, text: string, more: Partial<WordsInUse> = {}): WordsInUse => ({
  ...{ journeyKey: "care", journeyName: "关怀", touchpointKey, touchpointName: touchpointKey, variant: null },
  ...{ words: text, digest: wordsDigest(text) },
  ...more,
});
const live = { touchpointId: 1, variants: [0], since: 0 };

it.each([
  ["spaces and lines", "  亲爱的，{{ child.name }}今天满月了。记得去打第二针疫苗哦。\n"],
  ["full width", "亲爱的，{{child.name}}今天满月了。记得去打第二针疫苗哦。"],
])("knows words by what they say: %s", (_what, text) => {
  expect(wordsDigest(text)).toBe(wordsDigest(words));
});

it("tells other words apart", () => {
  expect(wordsDigest(words.replace("二", "三"))).not.toBe(wordsDigest(words));
});

it("finds a touchpoint once, live or in a draft, with its variants", () => {
  const found = usesOfEntry(
    entry,
    [
      inUse("a", words, { live }),
      inUse("a", words),
      inUse("b", words, { variant: "warm", live }),
      inUse("b", "别的", { variant: "plain", live }),
      inUse("c", "别的话", { live }),
    ],
    [],
  );
  expect(found).toMatchObject([
    { touchpointKey: "a", isLive: true, inDraft: true, isChanged: false, variants: [] },
    { touchpointKey: "b", isLive: true, inDraft: false, isChanged: false, variants: ["warm"] },
  ]);
});

it("goes on counting where it was put in and changed, and no longer where all is new", () => {
  const noted = ["a", "b"].map((touchpointKey) => ({ entryId: 1, journeyKey: "care", touchpointKey }));
  const found = usesOfEntry(
    entry,
    [
      inUse("a", `您好！记得去打第二针疫苗哦。`),
      inUse("b", "亲爱的，完全是别的话。"),
      inUse("c", "记得去打第二针疫苗哦。"),
    ],
    [...noted, { entryId: 2, journeyKey: "care", touchpointKey: "c" }],
  );
  expect(found).toMatchObject([{ touchpointKey: "a", isChanged: true, inDraft: true }]);
});

it("counts no short sentence as shared", () => {
  expect(sharesSentence("亲爱的。您好。", "亲爱的。再见。")).toBe(false);
});
