// Every call the adapter makes and every answer the sandbox gives, held against the documented fields.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { channelError } from "../../../src/channels/wecom/errors.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import { projectRoot } from "../../../src/infra/config.js";
import type { Exchange } from "../../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "../../sandbox/open.js";
import * as attachments from "../../support/attachments.js";
import { useDirectory } from "./directory-use.js";
import { calls, errcodes } from "./documents.js";
import { tapOf } from "./tap.js";
import { faultsOf } from "./traffic.js";

async function record(work: (channel: WecomChannel, stage: Stage) => Promise<void>): Promise<Exchange[]> {
  const { sandbox, world } = await openSandbox({ callbackUrl: "http://127.0.0.1:9/callback" });
  const tap = await tapOf(sandbox.url);
  const channel = new WecomChannel({ ...app, baseUrl: tap.url, archive: true }, memoryTokenStore(), world);
  try {
    await work(channel, { sandbox, world, url: tap.url });
  } finally {
    channel.close();
    tap.close();
    await sandbox.close();
  }
  return tap.exchanges;
}

type Stage = OpenSandbox & { url: string };

async function useEverything(channel: WecomChannel, { sandbox, world }: Stage): Promise<void> {
  const long = "宝".repeat(1000);
  const card = {
    kind: "card" as const,
    cardId: "day_2026-03-02@lan",
    title: "今日任务，一位特别特别特别特别特别特别特别特别特别特别特别特别特别特别长的标题",
    description: long,
    lines: Array.from({ length: 7 }, (_, at) => ({ label: "很长的标签", value: `${at}${long}` })),
    url: "https://example.com/today?guide=lan",
    buttons: [],
  };
  const buttons = Array.from({ length: 7 }, (_, at) => ({ text: `按钮的文字太长了${at}`, key: `k${at}` }));
  await channel.tellGuide("lan", { kind: "text", text: long });
  await channel.tellGuide("lan", card);
  await channel.tellGuide("LAN", { ...card, cardId: "second", buttons });
  const { code } = await channel.cards.show("lan", { ...card, cardId: "third", buttons });
  await channel.cards.change("lan", code ?? "", { ...card, cardId: "third", title: "做完了" });
  const handed = await channel.handOver({
    ref: "h1",
    guideUserid: "lan",
    externalUserids: ["wm-1", "wm-2", "stranger"],
    text: "你好",
    attachments: attachments.everyKind(),
  });
  await channel.guideCode("lan");
  const handOver = { ref: "h1", providerRef: handed.providerRef, guideUserid: "lan" };
  const calledAt = world.now();
  world.set(calledAt + 300_000);
  await channel.find({ ...handOver, externalUserids: ["wm-1", "wm-2"], text: "你好", calledAt });
  await channel.outcomes([handOver]);
  await channel.remind(handOver);
  await sandbox.guideConfirms("lan", handed.providerRef);
  await channel.outcomes([handOver]);
  await sandbox.guideSendsMass("lan", ["wm-1", "wm-3"], "自己的群发");
  await channel.guideMasses(calledAt, world.now());
  await sandbox.customerSays("wm-1", "lan", "在吗");
  world.set(calledAt + 86_400_000);
  await channel.behaviour("lan", calledAt, calledAt);
  await channel.stop(handOver);
  expect(await channel.pages.memberOf(await loginCode(sandbox.url))).toEqual({ userid: "lan" });
  await channel.pages.sign("http://127.0.0.1:9/g/chat", "nonce1");
}

/** The code that comes back when lan logs in by QR code. */
async function loginCode(url: string): Promise<string> {
  const asked = new URLSearchParams({
    ...{ appid: app.corpid, agentid: String(app.agentid), login_type: "CorpApp", state: "abc", lang: "zh" },
    ...{ redirect_uri: "http://127.0.0.1:9/back", sandbox_member: "lan" },
  });
  const answer = await fetch(`${url}/wwlogin/sso/login?${asked}`, { redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

test("the adapter asks and the sandbox answers as the documents say", async () => {
  const exchanges = await record(async (channel, stage) => {
    await useEverything(channel, stage);
    await useDirectory(stage, stage.url);
  });
  expect(exchanges.flatMap(faultsOf)).toEqual([]);
  const used = new Set(exchanges.map((one) => one.path));
  for (const path of adapterPaths()) expect([path, used.has(path)]).toEqual([path, true]);
});

/** The paths that stand in the adapter's sources. */
function adapterPaths(): string[] {
  const folder = join(projectRoot, "src/channels/wecom");
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  return sources.flatMap((source) =>
    [...source.matchAll(/\bpath: "([\w/]+)"/g)].map((match) => String(match[1])),
  );
}

test("every path of the adapter and of the sandbox is documented", async () => {
  const { sandbox } = await openSandbox();
  const paths = [...adapterPaths(), ...sandbox.endpoints()];
  await sandbox.close();
  expect(adapterPaths().length).toBeGreaterThan(8);
  expect(paths.filter((path) => !(path in calls))).toEqual([]);
});

test("the sandbox's README says of each call what is faithful, what is not, and by which source", async () => {
  const { sandbox } = await openSandbox();
  const answered = sandbox.endpoints().sort();
  await sandbox.close();
  const readme = readFileSync(join(projectRoot, "src/sandbox/README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `([\w/]+)` \| (.+) \| (.+) \| (.+) \|$/gm)];
  expect(rows.map((row) => row[1]).sort()).toEqual(answered);
  const sections = rows.map((row) => [row[1], String(row[4]).split(":")[0]]);
  expect(sections).toEqual(rows.map((row) => [row[1], calls[String(row[1])]?.source.split(":")[0]]));
});

describe("every documented number means to the adapter what it means", () => {
  const kinds: Record<string, string> = { R: "retry", T: "retry", W: "wait", N: "fix", O: "operations" };

  test.each([...errcodes.all])("%d is %s", (code, letters) => {
    const error = channelError("path", code);
    expect(error.message).not.toContain("do not know");
    expect([...letters].map((letter) => kinds[letter])).toContain(error.kind);
  });

  test("and no call answers a number without meaning", () => {
    const named = Object.values(calls).flatMap((call) => call.errcodes);
    expect(named.filter((code) => !errcodes.all.has(code))).toEqual([]);
  });
});

test("the calls that only read answer as the documents say", async () => {
  const exchanges = await record(async (_channel, { url }) => {
    const get = async (path: string): Promise<Record<string, unknown>> =>
      (await fetch(`${url}/cgi-bin/${path}`)).json() as Promise<Record<string, unknown>>;
    const { access_token: token } = await get(`gettoken?corpid=${app.corpid}&corpsecret=${app.secret}`);
    await get(`getcallbackip?access_token=${token}`);
    await get(`externalcontact/get_follow_user_list?access_token=${token}`);
    await get(`externalcontact/list?access_token=${token}&userid=lan`);
    await get(`externalcontact/get?access_token=${token}&external_userid=wm-1`);
    await fetch(`${url}/cgi-bin/externalcontact/batch/get_by_user?access_token=${token}`, {
      method: "POST",
      body: JSON.stringify({ userid_list: ["lan", "mei"], limit: 2 }),
    });
  });
  expect(exchanges).toHaveLength(6);
  expect(exchanges.flatMap(faultsOf)).toEqual([]);
  expect(exchanges.every((one) => (one.answer as { errcode: number }).errcode === 0)).toBe(true);
});

describe("the check catches", () => {
  const query = { access_token: "t" };
  const answer = { errcode: 0, errmsg: "ok", next_cursor: "", task_list: [{ userid: "lan", status: 0 }] };
  const good: Exchange = {
    method: "POST",
    path: "externalcontact/get_groupmsg_task",
    query,
    body: { msgid: "m1", limit: 1000 },
    status: 200,
    answer,
  };
  const task = answer.task_list[0];

  test("nothing in a good exchange", () => expect(faultsOf(good)).toEqual([]));

  test.each<[string, Partial<Exchange>]>([
    ["a call nobody documented", { path: "externalcontact/send_now" }],
    ["the wrong method", { method: "GET" }],
    ["a token outside the query", { query: {}, body: { msgid: "m1", access_token: "t" } }],
    ["a missing field", { body: { limit: 1000 } }],
    ["an unknown field", { body: { msgid: "m1", msg_id: "m1" } }],
    ["a limit above the maximum", { body: { msgid: "m1", limit: 1001 } }],
    ["a number as text", { body: { msgid: "m1", limit: "1000" } }],
    ["an answer without errmsg", { answer: { ...answer, errmsg: undefined } }],
    [
      "ms where seconds are meant",
      { answer: { ...answer, task_list: [{ ...task, send_time: 1_772_413_200_000 }] } },
    ],
    ["a status that does not exist", { answer: { ...answer, task_list: [{ ...task, status: 1 }] } }],
    ["an answer's unknown field", { answer: { ...answer, tasks: [] } }],
  ])("%s", (_name, change) => {
    expect(faultsOf({ ...good, ...change })).not.toEqual([]);
  });
});
