// A process that sends what is due and kills itself before the n-th await of the send path; tests run it as a child.
// Arguments: database URL, sandbox URL, epoch ms, n (0: never), `all` or `changes` (reads do not count). Prints how many awaits there were when it lives to the end.
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import { openDatabase } from "../../src/database.js";
import type { Sql, Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { senderOf } from "../../src/tasks/sending.js";
import { corp, standOn } from "./task-stand.js";

const [url = "", baseUrl = "", now = "", killAt = "", which = ""] = process.argv.slice(2);
let awaits = 0;

/** One await of the path: the n-th is never reached. */
async function point(): Promise<void> {
  awaits++;
  if (awaits !== Number(killAt)) return;
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => {});
}

function counted(sql: Sql): Sql {
  return {
    ...{ dialect: sql.dialect, manager: sql.manager },
    rows: async (text, params) => {
      if (which === "all") await point();
      return sql.rows(text, params);
    },
    row: async (text, params) => {
      if (which === "all") await point();
      return sql.row(text, params);
    },
    run: async (text, params) => {
      await point();
      return sql.run(text, params);
    },
  };
}

const real = await openDatabase(url);
const store: Store = {
  ...{ dialect: real.dialect, apart: real.apart, read: counted(real.read), close: () => real.close() },
  write: async (work) => {
    await point();
    const result = await real.write(async (sql) => {
      const inside = await work(counted(sql));
      // everything is written, nothing committed
      await point();
      return inside;
    });
    await point();
    return result;
  },
};
const world = movableWorld(Number(now), 1000 + Number(killAt));
const wecom = new WecomChannel({ ...corp, baseUrl, archive: false }, memoryTokenStore(), world);
const handOver = wecom.handOver.bind(wecom);
wecom.handOver = async (followUp) => {
  await point();
  const answer = await handOver(followUp);
  await point();
  return answer;
};
await senderOf(standOn(store, { channel: wecom, world }).setup).dispatchDue();
process.stdout.write(`${awaits}`);
wecom.close();
await real.close();
