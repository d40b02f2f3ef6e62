// A health check asked again and again from a thread of its own while the process works: how late does it answer?
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";

const ASKING = `
  const { parentPort, workerData } = require("node:worker_threads");
  const http = require("node:http");
  const agent = new http.Agent({ keepAlive: true });
  let worst = 0, asked = 0, going = true;
  const ask = () => new Promise((done) => {
    const began = process.hrtime.bigint();
    http.get({ port: workerData.port, path: "/healthz", agent }, (answer) => {
      answer.resume().on("end", () => {
        worst = Math.max(worst, Number(process.hrtime.bigint() - began) / 1e6);
        asked++;
        done();
      });
    });
  });
  parentPort.on("message", () => { going = false; });
  (async () => {
    await ask();
    worst = 0;
    parentPort.postMessage("ready");
    while (going) { await ask(); await new Promise((next) => setTimeout(next, 5)); }
    agent.destroy();
    parentPort.postMessage({ worst, asked });
    parentPort.close();
  })();
`;

/** The slowest answer, ms, and how many there were. */
export interface Health {
  worst: number;
  asked: number;
}

/** Serves /healthz from this process and asks for it every few milliseconds until `stop`. */
export async function watchHealth(): Promise<{ stop(): Promise<Health> }> {
  const server = createServer((_ask, answer) => answer.end("ok"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const worker = new Worker(ASKING, { eval: true, workerData: { port }, execArgv: [] });
  const told = <T>() => new Promise<T>((tell) => worker.once("message", tell));
  await told();
  return {
    stop: async () => {
      const health = told<Health>();
      worker.postMessage("stop");
      const result = await health;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      return result;
    },
  };
}
