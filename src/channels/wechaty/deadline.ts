// A time by which work must have ended; what it does afterwards is nobody's concern.

/** Counts from when it is made. `end` stops its clock. */
export class Deadline {
  readonly #timer: NodeJS.Timeout;
  readonly #over: Promise<void>;

  constructor(ms: number) {
    let ring: () => void = () => undefined;
    this.#over = new Promise((done) => {
      ring = done;
    });
    this.#timer = setTimeout(() => ring(), ms);
  }

  /** The work's result, or `late` raised when the time was over before. */
  async race<T>(work: Promise<T>, late: Error): Promise<T> {
    // it may fail long after anybody listens
    work.catch(() => undefined);
    const over = this.#over.then((): never => {
      throw late;
    });
    over.catch(() => undefined);
    return Promise.race([work, over]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Work that is given up after some ms. */
export async function inTime<T>(work: Promise<T>, ms: number, late: Error): Promise<T> {
  const deadline = new Deadline(ms);
  try {
    return await deadline.race(work, late);
  } finally {
    deadline.end();
  }
}
