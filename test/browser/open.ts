// The product as a browser meets it: a fresh database with a brand in it, the whole house wired, a listening server.
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../src/http.js";
import type { Role } from "../../src/identity/viewer.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import type { Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { rebuild } from "../../src/reports/refresh.js";
import { type Services, wire } from "../../src/wire.js";
import { settings } from "../support/settings.js";
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
  /** everything behind the pages */
  services: Services;
  /** as if so much of a demo's past were played; undefined: all of it */
  plays(past: { done: number; of: number } | undefined): void;
  close(): Promise<void>;
}

/** A corp that is never called: what pages do besides talking to it is looked at. */
const wecom = {
  ...{ base_url: "http://127.0.0.1:9", oauth_url: "http://127.0.0.1:9/o", login_url: "http://127.0.0.1:9/l" },
  ...{
    corpid: "wwlook",
    agentid: 1000002,
    secret: "s".repeat(43),
    token: "looktoken",
    aes_key: "a".repeat(43),
  },
};

/** Fills an empty database and serves it on a port of its own. Logins: hq, manager (the last region), keeper (its last
 *  store), guide. */
export async function openBrand(store: Store, port = 0): Promise<OpenedBrand> {
  const world = movableWorld(NOW);
  const folder = mkdtempSync(join(tmpdir(), "guidepost-look-"));
  const config = parseConfig({ ...settings(folder), zone: ZONE, wecom });
  const logins = [{ login: "hq", password: PASSWORD, label: "总部运营", hint: "全国报表与旅程" }];
  let past: { done: number; of: number } | undefined;
  const plays = (days: typeof past) => {
    past = days;
  };
  const demo = { logins, past: () => past };
  const services = wire({ config, world, log: makeLog("error"), store, demo });
  const touchpoints = await publish(services);
  const { regions, guides } = await makeBrand(store, touchpoints);
  const [first, second] = guides as [Unit, Unit];
  const tasks = await makeToday(store, first, touchpoints);
  const neighbourTasks = await makeToday(store, second, touchpoints);
  await rebuild({ store, zone: ZONE });
  await addAccounts(services, { regions, guides });
  const server = createApp(await services.app()).listen(port);
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const link = `/g/open?t=${services.identity.linkFor(first.id, NOW + 3_600_000)}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await services.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, guides, regions, tasks, neighbourTasks, link, services, plays, close };
}

async function addAccounts(
  { identity }: Services,
  { regions, guides }: Pick<OpenedBrand, "regions" | "guides">,
): Promise<void> {
  const account = (login: string, name: string, role: Role, reach: object) =>
    identity.createAccount({ login, name, role, password: PASSWORD, ...reach });
  await account("hq", "陈总监", "hq", {});
  await account("manager", "孙经理", "manager", { regionId: regions.at(-1) });
  await account("keeper", "何店长", "store_manager", { storeId: guides.at(-1)?.storeId });
  await account("guide", "王晓燕", "guide", { guideId: guides[0]?.id });
}

async function publish({ drafts, store }: Services): Promise<number[]> {
  const source = { name: "look.yaml", text: JOURNEY, readWords: () => ({ fault: "no file" }) };
  await drafts.applyFile(source, { yes: true, by: "system" });
  const rows = await store.read.rows<{ id: number }>(
    "SELECT touchpoint_id AS id FROM touchpoint_version ORDER BY position",
  );
  return rows.map(({ id }) => id);
}
