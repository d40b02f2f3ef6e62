// Several processes on one database: whoever hears a push, one of them works it off at once; the timed jobs are only for what was lost.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import request from "supertest";
import { encrypt, signatureOf } from "../../src/channels/wecom/crypto.js";
import { createApp } from "../../src/http.js";
import { parseConfig } from "../../src/infra/config.js";
import { makeLog } from "../../src/infra/log.js";
import type { Store } from "../../src/infra/store.js";
import { realWorld } from "../../src/kernel/world.js";
import { type Services, wire } from "../../src/wire.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { settings } from "../support/settings.js";
import { until } from "../support/until.js";

const corp = { corpid: "wwtest", secret: "s".repeat(43), agentid: 1, token: "t", aes_key: "a".repeat(43) };
const redis = process.env.GUIDEPOST_TEST_REDIS;
const kinds: [string, string][] = [
  ["alone", ""],
  ["without the Redis they should have", "redis://127.0.0.1:1"],
  ...(redis ? [["over Redis", redis] as [string, string]] : []),
];

describe.each(kinds)("processes %s", (_name, redis_url) => {
  let folder: string;
  let database: TestDatabase;
  const stores: Store[] = [];
  const processes: Services[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "guidepost-queue-"));
    database = await freshDatabase("sqlite");
    const wecom = { ...corp, base_url: "http://127.0.0.1:1" };
    const config = parseConfig({ ...settings(folder), wecom, redis_url });
    for (let n = 0; n < 2; n++) {
      const store = await database.open();
      stores.push(store);
      processes.push(wire({ config, world: realWorld, log: makeLog("silent"), store }));
    }
    await wait(redis_url ? 500 : 0);
  });
  afterAll(async () => {
    await Promise.all(processes.splice(0).map((one) => one.close()));
    stores.splice(0);
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
    // clients that never found their Redis try once more
    await wait(redis_url.endsWith(":1") ? 2000 : 0);
  });

  test("a callback that was answered is worked off before any timed job comes by", async () => {
    const pushes = [0, 1, 2, 3];
    const answers = await Promise.all(
      pushes.map(async (n) => {
        const app = createApp(await (processes[n % 2] as Services).app());
        const { query, body } = sealed(`${n}`);
        return request(app.callback()).post("/wecom/callback").type("text/xml").query(query).send(body);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(pushes.map(() => 200));
    const states = async () => {
      const rows = await (stores[0] as Store).read.rows<{ state: string }>("SELECT state FROM callback");
      return rows.map(({ state }) => state);
    };
    const done = pushes.map(() => "done");
    await until(async () => `${await states()}` === `${done}`);
    expect(await states()).toEqual(done);
  });
});

/** A push about nothing anybody asked for. */
function sealed(nonce: string) {
  const xml = `<xml><FromUserName>sys</FromUserName><CreateTime>${nonce}</CreateTime><MsgType>event</MsgType><Event>change_external_chat</Event><ChangeType>update</ChangeType></xml>`;
  const encrypted = encrypt(corp.aes_key, corp.corpid, xml, randomBytes(16));
  const query = { msg_signature: signatureOf(corp.token, "1", nonce, encrypted), timestamp: "1", nonce };
  return { query, body: `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>` };
}
