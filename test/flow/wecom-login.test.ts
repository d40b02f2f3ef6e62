// Logging in by WeCom and signing pages for it, over HTTP against the sandbox: what comes back is trusted only with the
// state that was given, a code works once, and tickets are fetched once for all.
import request from "supertest";
import { jsapiSignature } from "../../src/channels/wecom/crypto.js";
import { makeLog } from "../../src/infra/log.js";
import { instantOf } from "../../src/kernel/calendar.js";
import type { Exchange } from "../../src/sandbox/settings.js";
import { wire } from "../../src/wire.js";
import { faultsOf } from "../channels/wecom/traffic.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, serve } from "../support/house.js";

const inside = "Mozilla/5.0 (Linux; Android 14) wxwork/4.1.36 MicroMessenger/7.0.1";

describeOnEachDatabase("logging in by WeCom", (store) => {
  let house: SandboxHouse;
  const calls: Exchange[] = [];
  beforeAll(async () => {
    const when = instantOf("2026-03-12", "10:00", "Asia/Shanghai");
    house = await openSandboxHouse(store(), when, { onExchange: (call) => calls.push(call) });
    const { sandbox, url, services } = house;
    sandbox.connect({ callbackUrl: `${url}/wecom/callback` });
    const people = ["lan", "boss", "gone", "stranger"].map((userid) => ({ userid, name: userid }));
    sandbox.enrol({ guides: people });
    await store().write(async (sql) => {
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (1, 'S1', '一店', 0)");
      const guides = [
        ["lan", null],
        ["gone", "2026-03-01"],
      ];
      for (const [userid, left] of guides)
        await sql.run("INSERT INTO guide (userid, name, store_id, left_on) VALUES (?, ?, 1, ?)", [
          ...[userid ?? "", userid ?? "", left ?? null],
        ]);
    });
    await services.identity.createAccount({ login: "boss", name: "老板", role: "hq", password });
  });
  afterAll(() => house.close());

  /** A browser; `agent`: what it says it is. */
  const browser = (agent = "Mozilla/5.0") => {
    const own = request.agent(house.url);
    return (path: string) => own.get(path).set("User-Agent", agent);
  };
  /** From the door over the sandbox as `member`; gives the address the browser comes back to. */
  const through = async (get: ReturnType<typeof browser>, member: string, next = "/g/today") => {
    const away = await get(`/sign-in/wecom?next=${encodeURIComponent(next)}`).expect(302);
    const url = new URL(String(away.headers.location));
    const path = `${url.pathname}${url.search}&sandbox_member=${member}`;
    const back = await request(house.sandbox.url).get(path);
    if (back.status !== 302) throw new Error(back.text);
    return { away: url, back: new URL(String(back.headers.location)) };
  };
  const pathOf = ({ pathname, search }: URL) => pathname + search;

  it("goes to WeCom's own doors with what they ask for, and nothing of ours in the state", async () => {
    const { away } = await through(browser(inside), "lan");
    expect(`${away.origin}${away.pathname}`).toBe(`${house.sandbox.url}/connect/oauth2/authorize`);
    expect(Object.fromEntries(away.searchParams)).toEqual({
      ...{ appid: "wwtest", agentid: "1000002", response_type: "code", scope: "snsapi_base" },
      ...{ redirect_uri: `${house.url}/sign-in/wecom/back`, state: expect.stringMatching(/^[a-z0-9]{32}$/) },
    });
    expect(away.hash).toBe("#wechat_redirect");
    const desk = await through(browser(), "lan");
    expect(`${desk.away.origin}${desk.away.pathname}`).toBe(`${house.sandbox.url}/wwlogin/sso/login`);
    expect(desk.away.searchParams.get("login_type")).toBe("CorpApp");
  });

  it("lets a guide in where they were going, and opens nothing to a path of others", async () => {
    for (const [next, to] of [
      ["/g/chat", "/g/chat"],
      ["//evil.example", "/"],
      ["/\\evil.example", "/"],
      ["https://evil.example/", "/"],
    ] as const) {
      const get = browser(inside);
      const { back } = await through(get, "lan", next);
      const answer = await get(pathOf(back)).expect(302);
      expect(answer.headers.location).toBe(to);
      await get("/g/today").expect(200);
    }
  });

  it("takes no answer to a question it has not asked, nor one twice", async () => {
    const get = browser(inside);
    const { back } = await through(get, "lan");
    await browser(inside)(pathOf(back)).expect(403, /登录没有完成/);
    const foreign = new URL(back);
    foreign.searchParams.set("state", "f".repeat(32));
    await get(pathOf(foreign)).expect(403, /登录没有完成/);
    // the state is spent by the wrong answer too
    await get(pathOf(back)).expect(403, /登录没有完成/);
    await get("/g/today").expect(302);
  });

  it("takes a code once, and for five minutes", async () => {
    const get = browser(inside);
    const first = await through(get, "lan");
    await get(pathOf(first.back)).expect(302);
    const again = await through(get, "lan");
    again.back.searchParams.set("code", first.back.searchParams.get("code") ?? "");
    await get(pathOf(again.back))
      .set("Accept", "text/html")
      .expect(409, /登录已经失效/);
    const late = await through(get, "lan");
    house.world.set(house.world.now() + 301_000);
    await get(pathOf(late.back))
      .set("Accept", "text/html")
      .expect(409, /登录已经失效/);
  });

  it.each([
    ["stranger", "你还不在导购名单里"],
    ["gone", "你还不在导购名单里"],
    ["_stranger", "只有企业成员能进来"],
  ])("tells %s why not", async (member, why) => {
    const get = browser(inside);
    const { back } = await through(get, member);
    const answer = await get(pathOf(back)).expect(403);
    expect(answer.text).toContain(why);
    await get("/g/today").expect(302);
  });

  it("opens HQ's account at a desk by the userid", async () => {
    const get = browser();
    const { back } = await through(get, "boss", "/operations");
    await get(pathOf(back)).expect("Location", "/operations");
    await get("/operations").expect(200);
  });

  it("leads to WeCom's door by itself only inside WeCom, and only on the way somewhere", async () => {
    const { headers } = await browser(inside)("/g/chat").set("Accept", "text/html").expect(302);
    expect(headers.location).toBe("/sign-in?next=%2Fg%2Fchat");
    await browser(inside)("/sign-in?next=%2Fg%2Fchat").expect("Location", "/sign-in/wecom?next=%2Fg%2Fchat");
    await browser(inside)("/sign-in").expect(200, /用企业微信登录/);
    await browser()("/sign-in?next=%2Fg%2Fchat").expect(200, /用企业微信登录/);
  });

  it("signs pages of ours alone, by tickets that all processes share", async () => {
    const get = browser(inside);
    await get(pathOf((await through(get, "lan")).back)).expect(302);
    const page = `${house.url}/g/chat?from=1`;
    const { body } = await get(`/g/chat/signature?url=${encodeURIComponent(page)}`).expect(200);
    await get(`/g/chat/signature?url=${encodeURIComponent("https://evil.example/")}`).expect(403);
    await browser(inside)(`/g/chat/signature?url=${encodeURIComponent(page)}`).expect(302);
    const rows = await store().read.rows<{ name: string; value: string }>(
      "SELECT name, value FROM channel_token WHERE name LIKE '%ticket' ORDER BY name",
    );
    const [agent, corp] = rows.map(({ value }) => value) as [string, string];
    for (const [which, ticket] of [
      ["agent", agent],
      ["corp", corp],
    ] as const) {
      const { timestamp, nonceStr, signature } = body[which];
      expect(signature).toBe(jsapiSignature({ ticket, noncestr: nonceStr, timestamp, url: page }));
    }
    const { config, world } = house.services;
    const second = wire({ config, world, log: makeLog("silent"), store: store() });
    const other = await serve(second);
    const opened = await second.identity.openMember("lan", "phone");
    const answer = await request(other.url)
      .get(`/g/chat/signature?url=${encodeURIComponent(`${other.url}/g/chat`)}`)
      .set("Cookie", `guidepost_session=${opened?.token}`);
    await other.close();
    await second.close();
    expect(answer.status).toBe(200);
    expect(
      calls
        .filter(({ path }) => /ticket/.test(path))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...["get_jsapi_ticket", "ticket/get"]]);
    expect(calls.flatMap(faultsOf)).toEqual([]);
  });
});
