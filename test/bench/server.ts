// A MariaDB of the bench's own: reference sizes need a buffer pool that holds them, and nobody else's queries beside.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { note } from "./harness.js";

/** A server that runs until it is stopped. */
export interface OwnServer {
  url: string;
  stop(): Promise<void>;
}

const GIB = 2 ** 30;
/** A pool that holds the reference brand with its ten million older tasks. */
const ROOMY = 2 * GIB;
const folders = (process.env.PATH ?? "").split(":").concat("/usr/sbin", "/usr/local/sbin");
const found = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));

/** Starts a server with room when the one at `url` has none or does not answer; undefined when that one will do, or
 *  MariaDB is not installed. */
export async function serverWithRoom(url: string): Promise<OwnServer | undefined> {
  if ((await poolOf(url)) >= ROOMY) return undefined;
  const [mariadbd, install] = [found("mariadbd"), found("mariadb-install-db")];
  if (!mariadbd || !install) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "guidepost-bench-"));
  const port = await freePort();
  const data = `--datadir=${join(folder, "data")}`;
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  note("MariaDB: a server of the bench's own, with room");
  const how = ["--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db", ...user];
  await promisify(execFile)(install, how);
  const pool = Math.min(4 * GIB, Math.floor(totalmem() / 4));
  const child = spawn(
    mariadbd,
    [
      ...["--no-defaults", data, ...user, `--port=${port}`, "--bind-address=127.0.0.1", "--skip-log-bin"],
      ...[`--socket=${join(folder, "sock")}`, `--pid-file=${join(folder, "pid")}`],
      // as a real deployment has it: everything in memory, and the log flushed at each commit
      ...[`--innodb-buffer-pool-size=${pool}`, `--innodb-log-file-size=${pool / 2}`],
      "--innodb-flush-log-at-trx-commit=1",
    ],
    { stdio: "ignore" },
  );
  const own = `mysql://root@127.0.0.1:${port}`;
  const stop = () => stopped(child, folder);
  for (let tries = 0; (await poolOf(own)) === 0; tries++) {
    if (tries > 120 || child.exitCode !== null) {
      await stop();
      note("MariaDB: the bench's own server does not start");
      return undefined;
    }
    await sleep(250);
  }
  return { url: own, stop };
}

/** Bytes of a server's buffer pool; 0 when it does not answer. */
async function poolOf(url: string): Promise<number> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2000 });
    const [rows] = await connection.query("SELECT @@innodb_buffer_pool_size AS pool");
    await connection.end();
    return Number((rows as { pool: number }[])[0]?.pool ?? 0);
  } catch {
    return 0;
  }
}

async function stopped(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
