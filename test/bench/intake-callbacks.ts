// Bench of WeCom's callbacks: checked, opened, stored and worked off, beside bare inserts of the same.
import { callbackInbox } from "../../src/channels/callbacks.js";
import { openCallback } from "../../src/channels/wecom/callbacks.js";
import { encrypt, signatureOf } from "../../src/channels/wecom/crypto.js";
import { insertRows } from "../../src/infra/batches.js";
import type { Store } from "../../src/infra/store.js";
import { realWorld } from "../../src/kernel/world.js";
import type { BenchDatabase } from "./databases.js";
import { type Bars, note, timed } from "./harness.js";
import { type Measured, measured, type Size, start } from "./intake-data.js";

const log = { warn: () => undefined, error: () => undefined };
/** The app's callback setting. */
export const callbackKeys = {
  token: "QDG6eK",
  aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
  corpid: "wx5823bf96d3bd56c7",
};

/** Rows of the table, and the bars judged. */
export async function measureCallbacks(
  { store, title }: BenchDatabase,
  size: Size,
  judged: Bars,
): Promise<(string | number)[][]> {
  note(`${title}: ${size.callbacks} callbacks`);
  const pushes = Array.from({ length: size.callbacks }, (_, n) => sealed(n));
  const inbox = callbackInbox({
    ...{ store, world: realWorld, log, channel: "wecom", work: async () => undefined },
    whose: (body) => body.slice(-40),
  });
  const waits: number[] = [];
  const inWaves = async (work: (one: ReturnType<typeof sealed>) => Promise<unknown>) => {
    for (let from = 0; from < pushes.length; from += 50)
      await Promise.all(
        pushes.slice(from, from + 50).map(async (one) => waits.push((await timed(() => work(one))).ms)),
      );
  };
  await store.write((sql) => sql.run("CREATE TABLE bare_callback AS SELECT * FROM callback WHERE 1 = 0"));
  await store.write((sql) => sql.run("CREATE UNIQUE INDEX bare_digest ON bare_callback (digest)"));
  const bare = await measured(() => inWaves((one) => storeBareCallback(store, one.plain)));
  waits.length = 0;
  const stored = await measured(() =>
    inWaves(async ({ query, body }) => {
      const { digest, xml } = openCallback(callbackKeys, query, body);
      await inbox.store(digest, xml);
    }),
  );
  const p99 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? 0;
  const worked = await measured(() => inbox.processPending());
  const left = await store.read.row<{ n: number }>("SELECT COUNT(*) AS n FROM callback WHERE state = 'done'");
  if (left?.n !== size.callbacks) throw new Error(`${left?.n} callbacks done of ${size.callbacks}`);
  judged.atMost(`${title}: a callback opened and stored ÷ bare insert`, stored.ms / bare.ms, 3, "×");
  judged.atMost(`${title}: 99 of 100 callbacks stored within, 50 at once`, p99, 1_000, "ms");
  const line = (what: string, one: Measured): (string | number)[] => [
    ...[
      title,
      what,
      size.callbacks,
      (size.callbacks * 1000) / one.ms,
      one.ms / bare.ms,
      one.late.p99,
      one.late.worst,
      one.peak,
    ],
  ];
  return [
    line("bare insert, one a transaction", bare),
    line("callbacks checked, opened, stored", stored),
    line("callbacks worked off", worked),
  ];
}

function storeBareCallback(store: Store, xml: string): Promise<unknown> {
  const head =
    "INSERT INTO bare_callback (id, digest, channel, body, received_at, state, tries, taken_until)";
  const number = Number(/<MsgId>(\d+)/.exec(xml)?.[1]);
  const row = [number, String(number).padStart(64, "0"), "wecom", xml, start, "stored", 0, 0];
  return store.write((sql) => insertRows(sql, head, [row]));
}

/** A push as WeCom seals it; `kind` other than a text is an event nobody asked for. */
export function sealed(n: number, kind = "") {
  const keys = callbackKeys;
  const plain =
    `<xml><ToUserName><![CDATA[x]]></ToUserName><FromUserName><![CDATA[guide-${n % 500}]]></FromUserName>` +
    `<CreateTime>1772413200</CreateTime><MsgType><![CDATA[${kind ? "event" : "text"}]]></MsgType>` +
    (kind ? `<Event><![CDATA[${kind}]]></Event>` : "<Content><![CDATA[任务]]></Content>") +
    `<MsgId>${n + 1}</MsgId><AgentID>1</AgentID></xml>`;
  const encrypted = encrypt(keys.aesKey, keys.corpid, plain, Buffer.from(String(n).padStart(16, "0")));
  const signature = signatureOf(keys.token, "1772413200", "7", encrypted);
  return {
    plain,
    query: { msg_signature: signature, timestamp: "1772413200", nonce: "7" },
    body: `<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  };
}
