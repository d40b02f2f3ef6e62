// The purchase days of many customers in two arrays: a few bytes a purchase, handed to another thread as they are. Pure.

/** Days of customer i: `days[starts[i] … starts[i + 1])`, in order, each once. */
export interface PurchaseLog {
  days: Int32Array;
  /** one more than there are customers */
  starts: Int32Array;
}

/** Collects customers one by one. */
export function purchaseLog(): { add(days: readonly number[]): void; done(): PurchaseLog } {
  const all: number[] = [];
  const starts = [0];
  return {
    add: (days) => {
      for (const day of days) all.push(day);
      starts.push(all.length);
    },
    done: () => ({ days: Int32Array.from(all), starts: Int32Array.from(starts) }),
  };
}

/** The days of each customer. */
export function* eachCustomer({ days, starts }: PurchaseLog): Generator<Int32Array> {
  for (let i = 0; i + 1 < starts.length; i++) yield days.subarray(starts[i], starts[i + 1]);
}
