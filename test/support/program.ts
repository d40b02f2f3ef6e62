// The built program as a child process, over a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Environment of a program that needs no service and keeps everything in `folder`. */
export function quietly(folder: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME };
  return {
    ...inherited,
    DATA_DIR: folder,
    DATABASE_URL: `sqlite:${join(folder, "guidepost.sqlite")}`,
    ...{ DEMO: "off", CHANNEL: "notebook", PORT: "0", LOG_LEVEL: "warn", WECHATY_LOG: "silent" },
    ...more,
  };
}

/** Starts .build/src/NAME.js. */
export function start(name: "main" | "cli", args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, `.build/src/${name}.js`), ...args], {
    env,
    cwd: projectRoot,
  });
}

/** Runs a command to its end. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const child = start("cli", args, env);
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (piece) => {
    said.stdout += piece;
  });
  child.stderr?.on("data", (piece) => {
    said.stderr += piece;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...said };
}

/** Waits until a child said something that matches on stderr; gives the match. Rejects when it ends before. */
export function heard(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (piece) => {
      said += piece;
      const match = pattern.exec(said);
      if (match) resolve(match);
    });
    child.on("close", (code) => reject(new Error(`ended with ${code} before it said ${pattern}: ${said}`)));
  });
}
