// Attachments of a journey's file: read with their bytes, or refused with the line and what was expected; who may not get them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Attachment, allowedAttachments } from "../../src/journeys/attachments.js";
import { claimsCheck } from "../../src/journeys/claims.js";
import { contentDigest, keepContent, readContent } from "../../src/journeys/content.js";
import { parseJourney } from "../../src/journeys/file.js";
import { journeySource } from "../../src/journeys/folder.js";
import { changesBetween } from "../../src/journeys/publish.js";
import { digestOf } from "../../src/journeys/spec.js";
import { sayFault } from "../../src/kernel/refusals.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { jpg, png } from "../support/pictures.js";
import { refusedFor } from "../support/refused.js";

const claims = claimsCheck([
  { key: "absolute", name: "绝对化用语", reason: "不许", terms: ["最好"], except: [] },
]);
const month6 = png(60, 40);
const poster = png(300, 500);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "attachments-"));
  mkdirSync(join(dir, "pictures"));
  const files: Record<string, string | Buffer> = {
    ...{ "pictures/month-6.png": month6, "pictures/poster.png": poster, "cover.jpg": jpg },
    ...{
      "guide.pdf": "%PDF-1.7 hello",
      "guide.docx": "%PDF-1.7 hello",
      "tool.exe": "MZ and more",
      "five.txt": "12345",
    },
    ...{
      "words.png": "these are only words",
      "big.png": Buffer.concat([png(), Buffer.alloc(10 * 1024 * 1024)]),
    },
    ...{ "huge.pdf": Buffer.concat([Buffer.from("%PDF"), Buffer.alloc(20 * 1024 * 1024)]) },
    "cover-big.png": Buffer.concat([png(), Buffer.alloc(2 * 1024 * 1024)]),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, name), bytes);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A journey of one touchpoint whose lines after its words begin on line 9. */
function read(...lines: string[]) {
  const head = ["key: j", "name: 旅程", "touchpoints:", "  - key: t", "    name: 触点", "    after: joined"];
  const file = join(dir, "journey.yaml");
  writeFileSync(
    file,
    [...head, "    days: 3", "    words: 您好", ...lines.map((line) => `    ${line}`)].join("\n"),
  );
  const files = new Map<string, Buffer>();
  return { spec: parseJourney(journeySource(file), claims, files), files };
}

const faultsOf = (...lines: string[]) =>
  refusedFor(() => read(...lines)).map((fault) => sayFault(fault).replace(`${dir}/`, ""));

const list = (...lines: string[]) => [
  "attachments:",
  ...lines.map((line, at) => `  ${at === 0 ? "- " : "  "}${line}`),
];

describe("a right list", () => {
  it("is read with every kind, its bytes by their digests", () => {
    const { spec, files } = read(
      "attachments:",
      "  - { kind: picture, file: pictures/month-6.png, blocked_months: { from: 7 } }",
      "  - { kind: poster, file: pictures/poster.png, code: { left: 100, top: 300, size: 150 } }",
      "  - { kind: link, title: 喂养指南, url: 'https://example.com/a', desc: 六个月, picurl: cover.jpg }",
      "  - { kind: link, title: 活动, url: 'https://example.com/b', picurl: 'https://example.com/c.png' }",
      "  - { kind: mini_program, title: 商城, appid: wx0123456789abcdef, page: pages/i?id=3, cover: cover.jpg }",
      "  - { kind: file, file: guide.pdf, blocked_months: { to: 5 } }",
    );
    const cover = { digest: contentDigest(jpg), name: "cover.jpg" };
    expect(spec.touchpoints[0]?.attachments).toEqual([
      {
        ...{ kind: "picture", file: { digest: contentDigest(month6), name: "month-6.png" } },
        blockedMonths: { from: 7, to: null },
      },
      {
        ...{ kind: "poster", file: { digest: contentDigest(poster), name: "poster.png" } },
        code: { left: 100, top: 300, size: 150 },
      },
      { kind: "link", title: "喂养指南", url: "https://example.com/a", desc: "六个月", picture: cover },
      { kind: "link", title: "活动", url: "https://example.com/b", picurl: "https://example.com/c.png" },
      { kind: "mini_program", title: "商城", appid: "wx0123456789abcdef", page: "pages/i?id=3", cover },
      {
        ...{
          kind: "file",
          file: { digest: contentDigest(Buffer.from("%PDF-1.7 hello")), name: "guide.pdf" },
        },
        blockedMonths: { from: 0, to: 5 },
      },
    ]);
    expect([...files.keys()].sort()).toEqual(
      [month6, poster, jpg, Buffer.from("%PDF-1.7 hello")].map(contentDigest).sort(),
    );
  });

  it("is absent from a touchpoint without, so that its version keeps its digest", () => {
    const { spec } = read();
    expect(Object.keys(spec.touchpoints[0] ?? {})).not.toEqual(expect.arrayContaining(["attachments"]));
  });

  it("publishes again when a picture's bytes change under the same name, and says so", () => {
    const lines = list("kind: picture", "file: changing.png");
    writeFileSync(join(dir, "changing.png"), png(10, 10, "#000"));
    const before = read(...lines).spec;
    writeFileSync(join(dir, "changing.png"), png(10, 10, "#fff"));
    const after = read(...lines).spec;
    expect(digestOf(after)).not.toBe(digestOf(before));
    expect(changesBetween(before, after).touchpoints[0]?.line).toBe("修改「触点」：附件内容更换");
    expect(changesBetween(read().spec, after).touchpoints[0]?.line).toBe(
      "修改「触点」：附件由无改为图片 changing.png",
    );
  });
});

describe("a wrong list is refused with its line:", () => {
  const fault = (line: number, ...parts: string[]) => ({ line, parts });
  it.each<[string, string[], { line: number; parts: string[] }]>([
    ["no kind", list("file: cover.jpg"), fault(10, "kind: one of picture, poster, link, mini_program, file")],
    [
      "a field of another kind",
      list("kind: file", "file: guide.pdf", "url: x"),
      fault(12, "keys kind, file"),
    ],
    ["no file", list("kind: picture"), fault(10, "file: a path inside")],
    ["a file that is not there", list("kind: picture", "file: none.png"), fault(11, "a file that exists")],
    ["a path out of the folder", list("kind: picture", "file: ../a.png"), fault(11, "own folder")],
    [
      "words called a picture",
      list("kind: picture", "file: words.png"),
      fault(11, "JPG or PNG by its content"),
    ],
    ["a picture too large", list("kind: picture", "file: big.png"), fault(11, "at most 10 MiB, not 10.0")],
    ["a file too large", list("kind: file", "file: huge.pdf"), fault(11, "at most 20 MiB")],
    ["an empty file", list("kind: file", "file: five.txt"), fault(11, "something in it")],
    ["a kind of file that is not sent", list("kind: file", "file: tool.exe"), fault(11, "pdf, docx")],
    ["a PDF called a document", list("kind: file", "file: guide.docx"), fault(11, "docx by its content")],
    [
      "a link's picture too large",
      list("kind: link", "title: a", "url: 'https://a.b'", "picurl: cover-big.png"),
      fault(13, "at most 2 MiB"),
    ],
    [
      "an address that is none",
      list("kind: link", "title: a", "url: example.com"),
      fault(12, "a web address"),
    ],
    [
      "a title too long",
      list("kind: link", `title: ${"宝".repeat(43)}`, "url: 'https://a.b'"),
      fault(11, "at most 128 bytes", "129"),
    ],
    [
      "a forbidden claim",
      list("kind: link", "title: 最好的奶粉", "url: 'https://a.b'"),
      fault(11, "绝对化用语"),
    ],
    [
      "a poster without a place",
      list("kind: poster", "file: cover.jpg"),
      fault(10, "code: {left, top, size}"),
    ],
    [
      "a code outside the poster",
      list("kind: poster", "file: pictures/poster.png", "code: { left: 200, top: 0, size: 150 }"),
      fault(12, "300 × 500"),
    ],
    [
      "an appid that is none",
      list("kind: mini_program", "title: a", "appid: gh_1", "page: p", "cover: cover.jpg"),
      fault(12, "appid"),
    ],
    [
      "months without a month",
      list("kind: picture", "file: cover.jpg", "blocked_months: {}"),
      fault(12, "from:, to: or both"),
    ],
    [
      "months that end before they begin",
      list("kind: picture", "file: cover.jpg", "blocked_months: { from: 7, to: 6 }"),
      fault(12, "not before 7"),
    ],
    [
      "ten of them",
      ["attachments:", ...Array(10).fill("  - { kind: picture, file: cover.jpg }")],
      fault(10, "at most 9"),
    ],
    [
      "with words that nobody sends",
      ["send: hand", ...list("kind: picture", "file: cover.jpg")],
      fault(11, "sends nothing"),
    ],
  ])("%s", (_name, lines, { line, parts }) => {
    const faults = faultsOf(...lines);
    expect(faults).toHaveLength(1);
    for (const part of [`journey.yaml line ${line} `, ...parts]) expect(faults[0]).toContain(part);
  });
});

describe("months of a baby's life", () => {
  const stage1: Attachment = {
    ...{ kind: "link", title: "一段", url: "https://example.com/1" },
    blockedMonths: { from: 7, to: null },
  };
  const newborn: Attachment = { ...stage1, title: "新生儿", blockedMonths: { from: 0, to: 5 } };
  const always: Attachment = { kind: "link", title: "全部", url: "https://example.com/2" };
  const today = "2026-03-31";
  it.each<[string, (string | null)[], string[]]>([
    ["nobody born", [], ["一段", "新生儿", "全部"]],
    ["not born yet", [null, "2026-04-01"], ["一段", "新生儿", "全部"]],
    ["the day of birth", ["2026-03-31"], ["一段", "全部"]],
    ["a day before seven months", ["2025-09-01"], ["一段", "新生儿", "全部"]],
    ["seven months at a clamped day", ["2025-08-31"], ["新生儿", "全部"]],
    ["three years", ["2023-03-01"], ["新生儿", "全部"]],
    ["a newborn and an older one", ["2026-03-01", "2024-01-01"], ["全部"]],
  ])("%s", (_name, births, titles) => {
    const allowed = allowedAttachments([stage1, newborn, always], births, today);
    expect(allowed.map((one) => "title" in one && one.title)).toEqual(titles);
  });
});

describeOnEachDatabase("content", (open) => {
  it("keeps files once, whole, however large, and completes one whose writing broke off", async () => {
    const store = open();
    const large = Buffer.alloc(3 * 1024 * 1024 + 7, "宝");
    const files = new Map([large, png()].map((bytes) => [contentDigest(bytes), bytes]));
    await keepContent(store, files);
    await keepContent(store, files);
    for (const [digest, bytes] of files)
      expect((await readContent(store.read, digest)).equals(bytes)).toBe(true);
    const digest = contentDigest(large);
    await store.write((sql) => sql.run("DELETE FROM content_part WHERE digest = ? AND part >= 3", [digest]));
    await keepContent(store, files);
    expect(contentDigest(await readContent(store.read, digest))).toBe(digest);
    await expect(readContent(store.read, "none")).rejects.toThrow("no content");
  });
});
