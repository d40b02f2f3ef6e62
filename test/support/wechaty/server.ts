// The parent's side of a puppet server in a child process: started, spoken to, killed and started again on its port.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPuppets } from "../../../src/channels/wechaty/puppet.js";
import { projectRoot } from "../../../src/infra/config.js";
import type { Order } from "./server-child.js";

const script = join(projectRoot, ".build/test/support/wechaty/server-child.js");

export type PuppetProcess = Awaited<ReturnType<typeof startPuppetServer>>;
type Said = Order extends infer One ? (One extends Order ? Omit<One, "n"> : never) : never;

/** A puppet server of a guide with customers; what customers got is kept beside it and survives it. */
export async function startPuppetServer(guide: string, customers: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-puppet-"));
  const file = join(folder, "sent.jsonl");
  const port = await freePort();
  let child = await born(port, guide, file, customers);
  let n = 0;
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  };
  return {
    endpoint: `127.0.0.1:${port}`,
    /** options of the client that speaks to it */
    client: { endpoint: `127.0.0.1:${port}`, token: "insecure_test", tls: { disable: true } },
    /** Fresh clients of it, as the product makes them. */
    puppets() {
      return loadPuppets("wechaty-puppet-service", this.client);
    },
    kill,
    restart: async () => {
      await kill();
      child = await born(port, guide, file, customers);
    },
    /** Has somebody there do something. */
    order: async (order: Said) => {
      const mine = ++n;
      const done = new Promise<void>((resolve) => {
        const hear = (answer: { n: number }) => {
          if (answer.n !== mine) return;
          child.off("message", hear);
          resolve();
        };
        child.on("message", hear);
      });
      child.send({ ...order, n: mine });
      await done;
    },
    /** Texts somebody got from the account, over all its lives. */
    sentTo: (who: string): string[] => {
      const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
      const sent = lines.map((line) => JSON.parse(line) as { to: string; text: string });
      return sent.filter(({ to }) => to === who).map(({ text }) => text);
    },
    /** From now on nobody has got anything. */
    forget: () => rmSync(file, { force: true }),
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function born(
  port: number,
  guide: string,
  file: string,
  customers: readonly string[],
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, String(port), guide, file, ...customers], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1", WECHATY_LOG: "silent" },
  });
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the puppet server ended with ${code}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address ? address.port : 0;
}
