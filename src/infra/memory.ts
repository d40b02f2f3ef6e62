// Keeps a long stream's memory small.
import { setFlagsFromString } from "node:v8";
import type { Store } from "./store.js";

/** Tells V8 to clear away old garbage once it is a third of what is alive. Left alone it waits for several times as
 *  much, which for a stream of millions of rows is a hundred megabytes of nothing; costs some percent of the time. */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=30");
}

/** Pages an embedded database keeps while a file goes through it, as `PRAGMA cache_size` has it: 32 MB. Rows that come in
 *  order touch neighbouring pages, so more of them only cost memory. */
const FEW_PAGES = -32_768;

/** Has an embedded database keep few pages while work is done, and then as many as before. */
export async function withFewPages<T>(store: Store, work: () => Promise<T>): Promise<T> {
  if (store.dialect.name !== "sqlite") return work();
  const before = await store.write((sql) => sql.row<{ cache_size: number }>("PRAGMA cache_size"));
  const keep = (pages: number) => store.write((sql) => sql.run(`PRAGMA cache_size = ${pages}`));
  await keep(FEW_PAGES);
  try {
    return await work();
  } finally {
    await keep(before?.cache_size ?? FEW_PAGES);
  }
}
