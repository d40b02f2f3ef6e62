// People at their browsers, from a process of its own: one at a time, arriving at a steady pace, or many at once.
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { seeded } from "../../src/kernel/world.js";
import { perform } from "./remote.js";

/** A page somebody opens. */
export interface Visit {
  path: string;
  cookie: string;
}

/** What came of it. `ms` up to the last byte. */
export interface Visited {
  /** which of the visits */
  at: number;
  ms: number;
  status: number;
  bytes: number;
}

const ready = new Agent({ keepAlive: true, maxSockets: 200 });

perform({
  /** Each page, one after the other, so many times over. */
  oneAtATime: async (port: number, visits: readonly Visit[], rounds: number): Promise<Visited[]> => {
    const done: Visited[] = [];
    for (let round = 0; round < rounds; round++)
      for (const [at, visit] of visits.entries()) done.push(await open(port, visit, at));
    return done;
  },

  /** Pages opened at a pace, whether or not the earlier ones have come. */
  arriving: async (port: number, visits: readonly Visit[], perSecond: number, seconds: number) => {
    const random = seeded(20);
    const begin = performance.now();
    const coming: Promise<Visited>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      const late = begin + (n * 1000) / perSecond - performance.now();
      if (late > 0) await wait(late);
      const at = Math.floor(random() * visits.length);
      coming.push(open(port, visits[at] as Visit, at));
    }
    return Promise.all(coming);
  },

  /** So many people who open the next page as soon as they have one. */
  atOnce: async (port: number, visits: readonly Visit[], people: number, seconds: number) => {
    const done: Visited[] = [];
    const until = performance.now() + seconds * 1000;
    const one = async (person: number) => {
      const random = seeded(50 + person);
      while (performance.now() < until) {
        const at = Math.floor(random() * visits.length);
        done.push(await open(port, visits[at] as Visit, at));
      }
    };
    await Promise.all(Array.from({ length: people }, (_, person) => one(person)));
    return done;
  },
});

function open(port: number, { path, cookie }: Visit, at: number): Promise<Visited> {
  const began = performance.now();
  return new Promise((resolve) => {
    const ended = (status: number, bytes: number) =>
      resolve({ at, status, bytes, ms: performance.now() - began });
    const headers = { Accept: "text/html", "Accept-Encoding": "gzip, br", Cookie: cookie };
    const asked = request({ agent: ready, host: "127.0.0.1", port, path, headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
      });
      answer.on("end", () => ended(answer.statusCode ?? 0, bytes));
      answer.on("error", () => ended(0, bytes));
    });
    asked.on("error", () => ended(0, 0));
    asked.end();
  });
}
