// Folders of tables for tests, thrown away at the end.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

/** A fresh folder with these files in it (lines joined, a newline at the end). */
export interface TestFolder {
  path: string;
  put(file: string, content: readonly string[] | Buffer): string;
  /** a CSV file's rows */
  rows(file: string): string[][];
  drop(): void;
}

/** Makes a folder. */
export function freshFolder(files: Record<string, readonly string[] | Buffer> = {}): TestFolder {
  const path = mkdtempSync(join(tmpdir(), "guidepost-tables-"));
  const put: TestFolder["put"] = (file, content) => {
    writeFileSync(join(path, file), content instanceof Buffer ? content : `${content.join("\n")}\n`);
    return join(path, file);
  };
  for (const [file, content] of Object.entries(files)) put(file, content);
  return {
    ...{ path, put },
    rows: (file) => parse(readFileSync(join(path, file)), { bom: true, relax_column_count: true }),
    drop: () => rmSync(path, { recursive: true, force: true }),
  };
}
