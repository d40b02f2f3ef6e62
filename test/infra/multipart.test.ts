// Forms with files as they stream in: any cut of the bytes gives the same form; what is too much or broken is refused.
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { plainName, receiveForm } from "../../src/infra/multipart.js";
import { freshFolder } from "../support/folders.js";

const BOUNDARY = "----formboundary7MA4";
const part = (head: string, body: string | Buffer) =>
  Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from("\r\n")]);
const field = (name: string, value: string) => part(`Content-Disposition: form-data; name="${name}"`, value);
const file = (name: string, filename: string, body: string | Buffer) =>
  part(
    `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: text/csv`,
    body,
  );
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);

describe("a form with files", () => {
  const folder = freshFolder();
  afterAll(() => folder.drop());
  let serial = 0;
  const receive = (chunks: readonly Buffer[], limits: { mostBytes?: number; mostFiles?: number } = {}) => {
    const own = `${++serial}`;
    const request = Readable.from(chunks) as unknown as IncomingMessage;
    request.headers = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
    return receiveForm(request, {
      ...{ mostBytes: 10_000, mostFiles: 5, ...limits },
      pathOf: (name, n) => join(folder.path, own, String(n), name),
    });
  };

  test("however its bytes are cut, fields and files come out whole", async () => {
    const body = `a,b\r\n--${BOUNDARY.slice(0, 9)}\r\n\r\n1,"x\n"\n`;
    const whole = form(
      field("_csrf", "word"),
      file("files", "客户 7月.csv", body),
      file("files", "", ""),
      file("other", "b.bin", Buffer.from([0, 13, 10, 45, 45, 255])),
      field("words", "一\r\n二"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 12 }),
        async (cuts) => {
          const at = [...new Set(cuts)].sort((a, b) => a - b);
          const chunks = [0, ...at].map((from, n) => whole.subarray(from, at[n] ?? whole.length));
          const { fields, files } = await receive(chunks);
          expect(fields).toEqual({ _csrf: "word", words: "一\r\n二" });
          expect(
            files.map(({ field: name, name: called, bytes, lines }) => [name, called, bytes, lines]),
          ).toEqual([
            ["files", "客户 7月.csv", Buffer.byteLength(body), 5],
            ["other", "b.bin", 6, 0],
          ]);
          expect(readFileSync(files[0]?.path ?? "", "utf8")).toBe(body);
          expect([...readFileSync(files[1]?.path ?? "")]).toEqual([0, 13, 10, 45, 45, 255]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ["too large", [file("f", "a.csv", "x".repeat(200))], { mostBytes: 100 }, "太大"],
    ["too many", [file("f", "a.csv", "1"), file("f", "b.csv", "2")], { mostFiles: 1 }, "太多"],
    ["a field too long", [field("a", "x".repeat(70_000))], {}, "太长"],
    [
      "fields too long together",
      Array.from({ length: 20 }, (_, n) => field(`a${n}`, "x".repeat(60_000))),
      {},
      "太长",
    ],
    ["too many fields", Array.from({ length: 300 }, () => field("a", "x")), {}, "项目太多"],
  ] as const)("%s", async (_what, parts, limits, said) => {
    await expect(receive([form(...parts)], limits)).rejects.toThrow(said);
  });

  test("one that breaks off, and what is no such form", async () => {
    await expect(receive([form(file("f", "a.csv", "1")).subarray(0, -30)])).rejects.toThrow("中断");
    const request = Readable.from([]) as unknown as IncomingMessage;
    request.headers = { "content-type": "application/json" };
    await expect(
      receiveForm(request, { mostBytes: 1, mostFiles: 1, pathOf: () => "" }),
    ).rejects.toMatchObject({ kind: "invalid" });
  });

  test.each([
    ["客户.csv", "客户.csv"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\a.xlsx", "a.xlsx"],
    ["..", "file"],
    [".hidden", "hidden"],
    ["a:b|c?.csv", "a_b_c_.csv"],
    [`${"长".repeat(300)}.csv`, `${"长".repeat(90)}.csv`],
  ])("%s is called %s", (given, plain) => {
    expect(plainName(given)).toBe(plain);
  });
});
