// One at a time across processes: a folder is the lock, the pid inside tells whether its owner still lives.
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const pollMs = 50;
/** A lock without a pid is being made or was left by a process killed at that very moment. */
const unsignedMs = 5_000;

/** Runs `work` while holding the lock folder `path`; waits for whoever holds it, takes over from the dead. */
export async function withLock(path, work) {
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path))) {
    if (await isAbandoned(path)) await clear(path);
    else await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path) {
  try {
    await mkdir(path);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  await writeFile(join(path, "pid"), String(process.pid));
  return true;
}

async function isAbandoned(path) {
  try {
    const pid = Number(await readFile(join(path, "pid"), "utf8"));
    if (pid > 0) return pid !== process.pid && !isAlive(pid);
  } catch {
    // no pid yet: judged by age below
  }
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > unsignedMs;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Moved away first, so that of two who find the same dead lock only one removes it. */
async function clear(path) {
  const aside = `${path}.${process.pid}.${Date.now()}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}
