// The app around the slices: headers, errors as JSON or page, sign-in, CSRF, limits, health, assets.
import { Router } from "@koa/router";
import request from "supertest";
import { consolePages } from "../src/console/pages.js";
import { createApp } from "../src/http.js";
import { type Guard, guardOf, senderOf, viewerOf } from "../src/identity/guard.js";
import { identityRoutes } from "../src/identity/routes.js";
import { type IdentityService, identityService } from "../src/identity/service.js";
import { loadAssets } from "../src/infra/assets.js";
import { resolveFromRoot } from "../src/infra/config.js";
import { makeLog } from "../src/infra/log.js";
import { makeMetrics } from "../src/infra/metrics.js";
import { bodyOf } from "../src/infra/web.js";
import { Refusal, type RefusalKind } from "../src/kernel/refusals.js";
import { movableWorld } from "../src/kernel/world.js";
import { freshDatabase, type TestDatabase } from "./support/databases.js";

const PASSWORD = "correct horse";
let database: TestDatabase;
let identity: IdentityService;
let server: ReturnType<ReturnType<typeof createApp>["callback"]>;
let isReady = true;

beforeAll(async () => {
  database = await freshDatabase("sqlite");
  const store = await database.open();
  const world = movableWorld(Date.UTC(2026, 2, 2, 2));
  identity = identityService({ store, world, zone: "Asia/Shanghai", key: Buffer.alloc(32, 1) });
  await identity.createAccount({ login: "hq", name: "总部", role: "hq", password: PASSWORD });
  const guard = guardOf(identity);
  const assets = loadAssets(resolveFromRoot("templates/pages/assets"));
  const pages = consolePages(assets.url);
  const ready = async () => {
    if (!isReady) throw new Error("no database");
  };
  const demo = {
    logins: [{ login: "hq", password: PASSWORD, label: "总部运营", hint: "全国" }],
    past: () => ({ done: 9, of: 36 }),
  };
  const routers = [identityRoutes({ identity, guard, pages, demo }), trial(guard)];
  const parts = { log: makeLog("silent"), world, pages, assets, metrics: makeMetrics(), ready };
  server = createApp({ ...parts, publicUrl: "", pushes: new Router(), routers }).callback();
});
afterAll(() => database.drop());

/** Routes that refuse, fail and echo. */
function trial(guard: Guard): Router {
  const router = new Router();
  const refuse = (ctx: { params: Record<string, string> }) => {
    const { kind } = ctx.params;
    if (kind === "broken") throw new Error("SELECT secret FROM customer");
    throw new Refusal(kind as RefusalKind, "说明", [{ where: "rows.3", line: 3, expected: "日期" }]);
  };
  router.get("/api/refuse/:kind", refuse);
  router.get("/refuse/:kind", refuse);
  router.post("/refuse/:kind", refuse);
  router.post("/api/echo", (ctx) => {
    ctx.body = { got: bodyOf(ctx) };
  });
  router.get("/me", guard.signedIn, (ctx) => {
    ctx.body = { viewer: viewerOf(ctx) };
  });
  router.get("/work", guard.may("work_tasks"), (ctx) => {
    ctx.body = {};
  });
  router.post("/change", guard.signedIn, guard.csrf, (ctx) => {
    ctx.body = { changed: true };
  });
  router.post("/api/push", guard.apiKey, (ctx) => {
    ctx.body = { sender: senderOf(ctx).name };
  });
  return router;
}

async function signedIn() {
  const answer = await request(server)
    .post("/sign-in")
    .type("form")
    .send({ login: "hq", password: PASSWORD, next: "/report?by=store" });
  const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  const session = await identity.sessionOf(cookie.split("=")[1] ?? "");
  return { answer, cookie, csrf: session?.csrf ?? "" };
}

describe("refusals and faults", () => {
  const statuses: [kind: RefusalKind, status: number][] = [
    ["invalid", 422],
    ["not_found", 404],
    ["not_signed_in", 401],
    ["forbidden", 403],
    ["conflict", 409],
    ["too_many", 429],
    ["unsupported", 422],
  ];
  it.each(statuses)("%s is %i in JSON", async (kind, status) => {
    const answer = await request(server).get(`/api/refuse/${kind}`).expect(status);
    const faults = [{ where: "rows.3", line: 3, expected: "日期" }];
    expect(answer.body).toEqual({ error: { kind, message: "说明", faults } });
  });

  it.each(statuses.filter(([kind]) => kind !== "not_signed_in"))(
    "%s is a page for a browser",
    async (kind, status) => {
      const answer = await request(server).get(`/refuse/${kind}`).set("Accept", "text/html").expect(status);
      expect(answer.type).toBe("text/html");
      expect(answer.text).toContain("说明");
    },
  );

  it.each([
    ["http://guide.example/report?x", "/report?x"],
    ["http://guide.example/sign-in", "/"],
    ["http://guide.example//evil.example/x", "/"],
    ["http://evil.example/report", "/"],
    ["no address", "/"],
  ])("the page of an error leads back where they came from: %s", async (from, to) => {
    const answer = await request(server)
      .get("/refuse/invalid")
      .set({ Accept: "text/html", Host: "guide.example", Referer: from });
    expect(answer.text).toContain(`href="${to}">${to === "/" ? "回到首页" : "返回上一页"}</a>`);
    expect(answer.text).toContain("应为日期");
  });

  it("the page of an error leads back to a form that was sent to its own address", async () => {
    const answer = await request(server)
      .post("/refuse/invalid")
      .set({ Accept: "text/html", Host: "guide.example", Referer: "http://guide.example/refuse/invalid" });
    expect(answer.text).toContain('href="/refuse/invalid">返回上一页</a>');
  });

  it("a piece of a page gets a notice and leaves the page alone", async () => {
    const answer = await request(server).get("/refuse/conflict").set("HX-Request", "true").expect(409);
    expect(answer.headers["hx-reswap"]).toBe("none");
    expect(JSON.parse(String(answer.headers["hx-trigger"]))).toEqual({
      notice: { text: "说明 日期", kind: "bad" },
    });
  });

  it("a fault is shown as nothing but a number, on page and API", async () => {
    const api = await request(server).get("/api/refuse/broken").expect(500);
    expect(api.body.error).toMatchObject({ kind: "fault", id: expect.any(String) });
    const page = await request(server).get("/refuse/broken").set("Accept", "text/html").expect(500);
    expect(api.text + page.text).not.toMatch(/SELECT|secret|Error/);
  });

  it.each([
    ["/nowhere", "text/html"],
    ["/api/nowhere", "application/json"],
  ])("nobody at %s", async (path, type) => {
    const answer = await request(server).get(path).set("Accept", type).expect(404);
    expect(answer.type).toBe(type);
  });

  it("a known path with another method", async () => {
    const answer = await request(server).get("/api/echo").expect(405);
    expect(answer.headers.allow).toBe("POST");
    expect(answer.body.error.kind).toBe("unsupported");
  });
});

describe("bodies", () => {
  it("are read as JSON, text and XML", async () => {
    expect((await request(server).post("/api/echo").send([1])).body).toEqual({ got: [1] });
    const xml = await request(server).post("/api/echo").type("text/xml").send("<xml/>");
    expect(xml.body).toEqual({ got: "<xml/>" });
  });

  it.each([
    ["broken JSON", "application/json", "{", 400],
    ["a JSON too large", "application/json", JSON.stringify("x".repeat(6_000_000)), 413],
    ["a form too large", "application/x-www-form-urlencoded", `a=${"x".repeat(70_000)}`, 413],
  ])("%s is refused", async (_name, type, body, status) => {
    const answer = await request(server).post("/api/echo").type(type).send(body).expect(status);
    expect(answer.body.error.kind).toBe("invalid");
  });
});

describe("headers", () => {
  it.each(["/sign-in", "/api/nowhere", "/healthz"])("%s allows no foreign or inline script", async (path) => {
    const { headers } = await request(server).get(path);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|http:|https:|\*/);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    });
  });

  it("pages hold no inline script or style", async () => {
    for (const path of ["/sign-in", "/g/open?t=x", "/nowhere"]) {
      const { text } = await request(server).get(path).set("Accept", "text/html");
      expect(text).not.toMatch(/<style|<script>|\son\w+=|\sstyle=/);
    }
  });
});

describe("signing in", () => {
  it("gives a cookie that scripts cannot read and goes where it was asked to", async () => {
    const { answer } = await signedIn();
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/report?by=store");
    expect(String(answer.headers["set-cookie"])).toMatch(/guidepost_session=[\w-]{43};.*httponly/);
    expect(String(answer.headers["set-cookie"])).toMatch(/samesite=lax/);
  });

  it.each(["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x=1"])(
    "never leads to another site (%j)",
    async (next) => {
      const form = { login: "hq", password: PASSWORD, next };
      const answer = await request(server).post("/sign-in").type("form").send(form).expect(303);
      expect(answer.headers.location).toBe("/");
    },
  );

  it("says what is wrong and keeps the login", async () => {
    const form = { login: "h<q", password: "wrong" };
    const answer = await request(server).post("/sign-in").type("form").send(form).expect(401);
    expect(answer.text).toContain("账号或密码不正确");
    expect(answer.text).toContain('value="h&lt;q"');
  });

  it("is refused from another site's form", async () => {
    const form = { login: "hq", password: PASSWORD };
    const foreign = request(server).post("/sign-in").type("form").set("Origin", "https://evil.example");
    await foreign.send(form).expect(403);
  });

  it("slows down guessing", async () => {
    const guess = () =>
      request(server).post("/sign-in").type("form").send({ login: "victim", password: "x" });
    for (let n = 0; n < 10; n++) await guess().expect(401);
    const answer = await guess().expect(429);
    expect(answer.text).toContain("15 分钟");
  });

  it("leads a stranger to the door and back", async () => {
    const answer = await request(server).get("/me?a=1").set("Accept", "text/html").expect(302);
    expect(answer.headers.location).toBe("/sign-in?next=%2Fme%3Fa%3D1");
    const piece = await request(server).get("/me").set("HX-Request", "true").expect(401);
    expect(piece.headers["hx-redirect"]).toBe("/sign-in");
  });

  it("lets in who is signed in, as far as the role goes, until signed out", async () => {
    const { cookie, csrf } = await signedIn();
    const me = await request(server).get("/me").set("Cookie", cookie).expect(200);
    expect(me.body.viewer).toMatchObject({ role: "hq", name: "总部" });
    await request(server).get("/work").set("Cookie", cookie).expect(403);
    await request(server)
      .post("/sign-out")
      .set("Cookie", cookie)
      .type("form")
      .send({ _csrf: csrf })
      .expect(303);
    await request(server).get("/me").set("Cookie", cookie).expect(302);
  });
});

describe("changes", () => {
  it("need the session's word, as a field or a header", async () => {
    const { cookie, csrf } = await signedIn();
    const post = () => request(server).post("/change").set("Cookie", cookie).type("form");
    await post().send({ _csrf: csrf }).expect(200);
    await post().set("X-CSRF-Token", csrf).send({}).expect(200);
    await post()
      .send({ _csrf: `${csrf.slice(1)}x` })
      .expect(403);
    await post().send({}).expect(403);
    await post().send("_csrf=a&_csrf=b").expect(403);
  });

  it("are refused from elsewhere even with the word", async () => {
    const { cookie, csrf } = await signedIn();
    const post = () => request(server).post("/change").set("Cookie", cookie).type("form");
    await post().set("Origin", "https://evil.example").send({ _csrf: csrf }).expect(403);
    await post().set("Sec-Fetch-Site", "cross-site").send({ _csrf: csrf }).expect(403);
  });

  it("by machines need a key", async () => {
    const { key } = await identity.keys.create("CRM", 0);
    const push = () => request(server).post("/api/push").send({});
    expect((await push().set("Authorization", `Bearer ${key}`).expect(200)).body).toEqual({ sender: "CRM" });
    await push().set("X-Api-Key", key).expect(200);
    expect((await push().expect(401)).body.error.kind).toBe("not_signed_in");
    await push().set("Authorization", "Bearer gpk_wrong").expect(401);
  });
});

describe("health", () => {
  it("is alive whatever the database does, ready only when it answers", async () => {
    await request(server).get("/readyz").expect(200, { ok: true });
    isReady = false;
    await request(server).get("/healthz").expect(200, { ok: true });
    await request(server).get("/readyz").expect(500);
    isReady = true;
  });

  it("counts requests by route", async () => {
    await request(server).get("/api/refuse/conflict");
    const { text } = await request(server).get("/metrics").expect(200);
    expect(text).toContain('route="/api/refuse/:kind",method="GET",status="409"');
    expect(text).toContain("nodejs_eventloop_lag_seconds");
  });
});

it("who opens the demo while its past is played is told how far it is", async () => {
  const { text } = await request(server).get("/sign-in").expect(200);
  expect(text).toMatch(/<progress value="9" max="36"/);
  expect(text).toContain("9/36 天。现在就可以进入");
});

describe("assets", () => {
  it("named by their content are kept for a year, compressed", async () => {
    const page = await request(server).get("/sign-in");
    const url = /\/assets\/plain\.css\?v=\w{8}/.exec(page.text)?.[0] ?? "";
    const plain = await request(server).get(url).set("Accept-Encoding", "identity").expect(200);
    expect(plain.headers["cache-control"]).toContain("immutable");
    expect(plain.type).toBe("text/css");
    // the client unpacks by itself
    const packed = await request(server).get(url).set("Accept-Encoding", "br").expect(200);
    expect(packed.headers["content-encoding"]).toBe("br");
    expect(Number(packed.headers["content-length"])).toBeLessThan(plain.text.length / 2);
    expect(packed.text).toBe(plain.text);
  });

  it("without their version are asked for again, cheaply", async () => {
    const { headers } = await request(server).get("/assets/page.js").expect(200);
    expect(headers["cache-control"]).toBe("no-cache");
    await request(server).get("/assets/page.js").set("If-None-Match", String(headers.etag)).expect(304);
  });

  it.each(["/assets/none.css", "/assets/../sign-in.hbs", "/assets/%2e%2e/sign-in.hbs", "/assets/"])(
    "there is no %s",
    async (path) => {
      await request(server).get(path).expect(404);
    },
  );
});
