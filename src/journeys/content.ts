// The bytes that published versions speak of, kept by what they are: the same file is stored once, and never changes.
import { createHash } from "node:crypto";
import { insertRows } from "../infra/batches.js";
import type { Sql, Store } from "../infra/store.js";

/** Bytes of one part: a statement stays short, and below what any server takes. */
const PART = 512 * 1024;

/** The name of some bytes: their SHA-256 in hex. */
export function contentDigest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Keeps files by their digests; those kept already cost a read. One whose writing broke off is completed. */
export async function keepContent(store: Store, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [digest, bytes] of files) {
    const parts = Math.ceil(bytes.length / PART);
    const last = await store.read.row("SELECT part FROM content_part WHERE digest = ? AND part = ?", [
      ...[digest, parts - 1],
    ]);
    if (last) continue;
    // the last part is written last: where it is, all are
    for (let part = 0; part < parts; part++) {
      const piece = bytes.subarray(part * PART, (part + 1) * PART);
      await store.write((sql) =>
        insertRows(sql, `${sql.dialect.insertIgnore} INTO content_part (digest, part, bytes)`, [
          [digest, part, piece],
        ]),
      );
    }
  }
}

/** The bytes of a digest. Raises when nothing of it is kept: a published version always has its files. */
export async function readContent(sql: Sql, digest: string): Promise<Buffer> {
  const rows = await sql.rows<{ bytes: Buffer }>(
    "SELECT bytes FROM content_part WHERE digest = ? ORDER BY part",
    [digest],
  );
  if (rows.length === 0) throw new Error(`no content ${digest}`);
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}
