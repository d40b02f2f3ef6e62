// A whole server whose clock is set by messages and whose timed jobs run when they are asked for: what the kills hit.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "../../../src/database.js";
import { loadDemo } from "../../../src/demo/load.js";
import { createApp } from "../../../src/http.js";
import { parseConfig } from "../../../src/infra/config.js";
import { makeLog } from "../../../src/infra/log.js";
import type { Sql, Store } from "../../../src/infra/store.js";
import { realWorld, seeded } from "../../../src/kernel/world.js";
import type { Brand } from "../../../src/sandbox/brand-tables.js";
import type { Enrolment } from "../../../src/sandbox/roster.js";
import { jobsOf } from "../../../src/schedule/jobs.js";
import { runOnce } from "../../../src/schedule/runs.js";
import { type Services, wire } from "../../../src/wire.js";
import { perform } from "../remote.js";

let now = 0;
let points = 0;
let armed = 0;
let services: Services;
let store: Store;

/** One step towards the database; at the armed one the driver is told that this is the moment. */
function point(): void {
  if (++points === armed) process.send?.("now");
}

function counted(sql: Sql): Sql {
  return {
    ...sql,
    rows: (text, params) => {
      point();
      return sql.rows(text, params);
    },
    row: (text, params) => {
      point();
      return sql.row(text, params);
    },
    run: (text, params) => {
      point();
      return sql.run(text, params);
    },
  };
}

function countedStore(real: Store): Store {
  return {
    ...{ dialect: real.dialect, apart: real.apart, read: counted(real.read), close: () => real.close() },
    write: async (work) => {
      const result = await real.write(async (sql) => {
        const inside = await work(counted(sql));
        point();
        return inside;
      });
      point();
      return result;
    },
  };
}

perform({
  open: async (settings: unknown, at: number) => {
    now = at;
    const config = parseConfig(settings);
    store = countedStore(await openDatabase(config.database_url));
    const world = { now: () => now, random: seeded(process.pid), id: realWorld.id };
    services = wire({ config, world, log: makeLog("silent"), store });
    const server = createServer(createApp(await services.app()).callback());
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    await services.startChannel();
    return (server.address() as AddressInfo).port;
  },

  /** Loads the brand as it was on a day; gives the API key and who lives in the sandbox. */
  load: async (brand: Brand, folder: string, until: string) => {
    let enrolment: Enrolment = {};
    const sandbox = {
      enrol: async (all: Enrolment) => {
        enrolment = all;
      },
    };
    const apiKey = await loadDemo({
      ...{ services, brand, folder, until, zone: services.config.zone },
      // only its roster is asked for
      sandbox: sandbox as unknown as Parameters<typeof loadDemo>[0]["sandbox"],
    });
    return { apiKey, enrolment };
  },

  /** Sets the clock, counts from here on, and calls the driver at the n-th point (0: never). */
  begin: (at: number, n: number) => {
    now = at;
    points = 0;
    armed = n;
  },

  /** Runs timed jobs one after the other, as their clock would at this moment. */
  run: async (names: readonly string[]) => {
    const parts = { store, world: services.world, log: services.log, zone: services.config.zone };
    for (const job of jobsOf(services)) if (names.includes(job.name)) await runOnce(parts, job, now);
  },

  /** What a starting process does once. */
  wake: async () => {
    const parts = { store, world: services.world, log: services.log, zone: services.config.zone };
    for (const job of jobsOf(services)) if (job.atStart) await runOnce(parts, job, now);
  },

  points: () => points,
});
