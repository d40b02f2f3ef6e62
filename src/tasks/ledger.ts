// What channels answered, on its way into the rows: answers that come close together share a transaction.
import type PQueue from "p-queue";
import { type Booked, book, type CallResult } from "./booking.js";
import type { TaskSetup } from "./setup.js";

/** Answers written in one transaction, as soon as so many wait. */
const TOGETHER = 256;
/** How long an answer waits for others to share its transaction, ms: a process killed meanwhile must look these up. */
const GATHER = 20;

/** The answers of one pass; `sum` gains what became of them. */
export function ledgerOf(setup: TaskSetup, sum: Booked) {
  const gathering = gatheringOf(GATHER);
  let waiting: CallResult[] = [];
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < TOGETHER) await gathering.wait();
      const results = waiting;
      waiting = [];
      const booked = await setup.store.write((sql) => book(setup, sql, results));
      for (const key of Object.keys(sum) as (keyof Booked)[]) sum[key] += booked[key];
      if (booked.sent > 0) await setup.onDelivered?.();
    }
  }

  return {
    add(result: CallResult): void {
      waiting.push(result);
      if (waiting.length >= TOGETHER) gathering.enough();
      if (isWriting) return;
      isWriting = true;
      // what cannot be written is found again as a call without an answer
      writing = write().finally(() => {
        isWriting = false;
      });
      writing.catch(() => undefined);
    },
    /** Every call has ended and is written down. */
    async closed(lanes: PQueue): Promise<void> {
      await lanes.onIdle();
      gathering.enough();
      await writing;
      await write();
    },
  };
}

/** A wait of so many ms that ends early when somebody says that it is enough. */
function gatheringOf(ms: number) {
  let enough = () => {};
  return {
    wait: () =>
      new Promise<void>((go) => {
        const timer = setTimeout(go, ms);
        enough = () => {
          clearTimeout(timer);
          go();
        };
      }),
    enough: () => enough(),
  };
}
