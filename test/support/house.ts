// The whole house on a test's database, at a moment of its own and with files of its own: for tests of all parts together.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import request from "supertest";
import { createApp } from "../../src/http.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import type { Store } from "../../src/infra/store.js";
import { instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { startSandbox } from "../../src/sandbox/sandbox.js";
import { type Services, wire } from "../../src/wire.js";
import { settings } from "./settings.js";

const zone = "Asia/Shanghai";
/** Everybody's. */
export const password = "a long password";
const corp = {
  ...{ corpid: "wwtest", secret: "s".repeat(43), agentid: 1000002 },
  ...{ token: "tokentoken", aesKey: "a".repeat(43) },
};

export type House = ReturnType<typeof openHouse>;

/** The house at a moment; `more`: settings that differ from the defaults. */
export function openHouse(store: Store, world: MovableWorld, more: object = { channel: "notebook" }) {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-house-"));
  const config = parseConfig({ ...settings(folder), ...more });
  const services = wire({ config, world, log: makeLog("silent"), store });
  const { passes } = services;
  const clock = (day: ShopDay, time: string) => world.set(instantOf(day, time, zone));
  return {
    ...{ folder, world, services, clock },
    /** Writes a file below the folder; gives its path. */
    put: (name: string, content: string | Buffer) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    night: async (day: ShopDay) => {
      clock(day, "00:05");
      await passes.expire();
    },
    /** From planning to the guides' hour, and the words on their way. */
    morning: async (day: ShopDay) => {
      clock(day, "05:15");
      await passes.plan();
      clock(day, "08:25");
      await passes.release();
      clock(day, "09:30");
      await passes.offer();
      await passes.dispatch();
    },
    close: async () => {
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type SandboxHouse = Awaited<ReturnType<typeof openSandboxHouse>>;

/** The house served over HTTP, with a sandbox as its chat system at the same moment. */
export async function openSandboxHouse(
  store: Store,
  when: number,
  { more = {}, ...options }: { more?: object } & Partial<Parameters<typeof startSandbox>[0]> = {},
) {
  const world = movableWorld(when);
  const sandbox = await startSandbox({ ...corp, world, statePath: ":memory:", seed: "flow", ...options });
  const { aesKey: aes_key, ...keys } = corp;
  const doors = {
    oauth_url: `${sandbox.url}/connect/oauth2/authorize`,
    login_url: `${sandbox.url}/wwlogin/sso/login`,
  };
  const wecom = { base_url: sandbox.url, ...doors, ...keys, aes_key };
  const house = openHouse(store, world, { wecom, ...more });
  const server = await serve(house.services);
  return {
    ...house,
    ...{ sandbox, url: server.url },
    close: async () => {
      await server.close();
      await house.close();
      await sandbox.close();
    },
  };
}

/** Serves a house over HTTP. */
export async function serve({ app }: Services): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer(createApp(await app()).callback());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A browser of somebody who has signed in. */
export async function signedIn(url: string, login: string) {
  const agent = request.agent(url);
  await agent.post("/sign-in").type("form").send({ login, password }).expect(303);
  return agent;
}
