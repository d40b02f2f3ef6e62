// The product as a browser meets it: a fresh database with a brand in it, every service, a listening server.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import { replyWordService } from "../../src/channels/reply-words.js";
import { consolePages } from "../../src/console/pages.js";
import { consoleRouters } from "../../src/console/routers.js";
import { customerService } from "../../src/customers/service.js";
import { createApp } from "../../src/http.js";
import { guardOf } from "../../src/identity/guard.js";
import { identityRoutes } from "../../src/identity/routes.js";
import { identityService } from "../../src/identity/service.js";
import type { Role } from "../../src/identity/viewer.js";
import { loadAssets } from "../../src/infra/assets.js";
import { loadConfig, projectRoot } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import { makeMetrics } from "../../src/infra/metrics.js";
import type { Store } from "../../src/infra/store.js";
import { loadClaims } from "../../src/journeys/claims-file.js";
import { parseJourney } from "../../src/journeys/file.js";
import { type JourneyService, journeyService } from "../../src/journeys/service.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { behaviourService } from "../../src/reports/behaviour/service.js";
import { experimentService } from "../../src/reports/experiments/service.js";
import { rebuild } from "../../src/reports/refresh.js";
import { reportService } from "../../src/reports/service.js";
import { taskService } from "../../src/tasks/service.js";
import type { TaskSetup } from "../../src/tasks/setup.js";
import { makeBrand, NOW, type Unit, ZONE } from "./brand.js";
import { JOURNEY, makeToday } from "./today.js";

export const PASSWORD = "look-2026";

/** A brand that can be walked. */
export interface OpenedBrand {
  url: string;
  /** guides in their order; the first has the list of today */
  guides: Unit[];
  regions: number[];
  /** today's tasks of the first guide, and of the second */
  tasks: number[];
  neighbourTasks: number[];
  /** a signed link of the first guide */
  link: string;
  close(): Promise<void>;
}

/** Fills an empty database and serves it on a port of its own. Logins: hq, manager (the last region), keeper (its last
 *  store), guide. */
export async function openBrand(store: Store, reload = false, port = 0): Promise<OpenedBrand> {
  const world = movableWorld(NOW);
  const claims = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));
  const journeys = journeyService({ store, world, zone: ZONE, onPublish });
  const touchpoints = await publish(store, journeys, claims);
  const { regions, guides } = await makeBrand(store, touchpoints);
  const [first, second] = guides as [Unit, Unit];
  const ownTasks = await makeToday(store, first, touchpoints);
  const neighbourTasks = await makeToday(store, second, touchpoints);
  await rebuild({ store, zone: ZONE });
  const identity = identityService({ store, world, zone: ZONE, key: Buffer.alloc(32, 1) });
  const account = (login: string, name: string, role: Role, reach: object) =>
    identity.createAccount({ login, name, role, password: PASSWORD, ...reach });
  await account("hq", "陈总监", "hq", {});
  await account("manager", "孙经理", "manager", { regionId: regions.at(-1) });
  await account("keeper", "何店长", "store_manager", { storeId: guides.at(-1)?.storeId });
  await account("guide", "王晓燕", "guide", { guideId: first.id });
  const assets = loadAssets(join(projectRoot, "templates/pages/assets"));
  const pages = consolePages(assets.url, reload);
  const guard = guardOf(identity);
  const reports = reportService({ store, world, replyWindowHours: 72 });
  const tasks = taskService(taskSetup(store, world, claims));
  const demoLogins = [{ login: "hq", password: PASSWORD, label: "总部运营", hint: "全国报表与旅程" }];
  const routers = [
    identityRoutes({ identity, guard, pages, demoLogins }),
    ...consoleRouters({
      ...{ store, guard, pages, reports, world, zone: ZONE, tasks },
      experiments: experimentService({ store, world, zone: ZONE, replyWindowHours: 72 }),
      ...{ behaviour: behaviourService({ store }), hasStatistics: true },
      customers: customerService({ store, world, zone: ZONE, secretKey: Buffer.alloc(32, 1) }),
      setJourneyState: (key, to, by) => journeys.setState(key, to, by),
      replyWords: replyWordService({ store, world }),
    }),
  ];
  const ready = () => store.read.row("SELECT 1");
  const parts = { log: makeLog("error"), world, pages, assets, metrics: makeMetrics(), ready, publicUrl: "" };
  const server = createApp({ ...parts, routers }).listen(port);
  const { port: own } = server.address() as AddressInfo;
  const link = `/g/open?t=${identity.linkFor(first.id, NOW + 3_600_000)}`;
  const url = `http://localhost:${own}`;
  return { url, guides, regions, tasks: ownTasks, neighbourTasks, link, close: () => closed(server) };
}

const onPublish = async () => ({ rerendered: 0, moved: 0, cancelled: 0, newToday: 0, newInsideGrace: 0 });

async function publish(
  store: Store,
  journeys: JourneyService,
  claims: TaskSetup["claims"],
): Promise<number[]> {
  const source = { name: "look.yaml", text: JOURNEY, readWords: () => ({ fault: "no file" }) };
  await journeys.apply(parseJourney(source, claims), JOURNEY, { yes: true, by: "system" });
  const rows = await store.read.rows<{ id: number }>(
    "SELECT touchpoint_id AS id FROM touchpoint_version ORDER BY position",
  );
  return rows.map(({ id }) => id);
}

function taskSetup(store: Store, world: MovableWorld, claims: TaskSetup["claims"]): TaskSetup {
  const channel = new NotebookChannel(world);
  return {
    ...{ store, world, claims, log: makeLog("error"), config: loadConfig({}) },
    channels: { tell: channel, mass: channel, bot: channel },
    touchpoint: wordsCache(store).touchpoint,
    openPhone: () => undefined,
    listUrl: () => "",
    listCard: () => ({ kind: "text", text: "" }),
    supplyFact: async ({ customerId, childNo, value }) => {
      await store.write((sql) =>
        sql.run("UPDATE child SET name = ? WHERE customer_id = ? AND child_no = ?", [
          value,
          customerId,
          childNo,
        ]),
      );
    },
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
