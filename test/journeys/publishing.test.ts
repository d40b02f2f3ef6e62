// From a draft to what is live by two people, on both databases: what was seen is what is published, or nothing is.
import { changesOf } from "../../src/identity/audit.js";
import { digestOf } from "../../src/journeys/spec.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import type { Services } from "../../src/wire.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { type House, openHouse, password, serve, signedIn } from "../support/house.js";

const touchpoint = (key: string, days: number, more: object = {}) => ({
  ...{ key, name: `触点${key}`, after: "joined", days, send: "mass", words: `${key}您好` },
  ...more,
});
const journey = (...touchpoints: object[]) => ({ key: "care", name: "关怀", touchpoints });

describeOnEachDatabase("publishing by two people", (store) => {
  let house: House;
  let services: Services;
  let author: string;
  let second: string;

  const open = (more: object = {}) => {
    const at = instantOf("2026-03-09", "10:00", "Asia/Shanghai");
    house = openHouse(store(), movableWorld(at), { channel: "notebook", ...more });
    services = house.services;
  };
  const account = async (login: string) => {
    const id = await services.identity.createAccount({ login, name: login, role: "hq", password });
    return `account:${id}`;
  };
  beforeEach(async () => {
    await emptied(store());
    open();
    author = await account("author");
    second = await account("second");
    await services.drafts.save("care", journey(touchpoint("day-3", 3)), author);
    await services.drafts.publish("care", { yes: true, by: author });
    await services.drafts.save("care", journey(touchpoint("day-3", 3), touchpoint("day-7", 7)), author);
  });
  afterEach(() => house.close());

  const show = () => services.publishing.show("care");
  const seen = async () => {
    const { ready, live } = await show();
    return { digest: ready?.digest ?? "", live };
  };
  const ask = async (by = author) =>
    services.publishing.ask(
      "care",
      { digest: (await seen()).digest, insideGrace: false, note: "加了第7天" },
      by,
    );
  const liveKeys = async () => (await show()).liveSpec?.touchpoints.map(({ key }) => key);

  it("publishes what was asked for when another person approves, once", async () => {
    const id = await ask();
    expect(await show()).toMatchObject({
      rule: "second",
      request: { id, note: "加了第7天", askedBy: author },
    });
    await expect(services.publishing.approve("care", id, await seen(), author)).rejects.toMatchObject({
      kind: "forbidden",
    });
    const before = await seen();
    const both = await Promise.allSettled([
      services.publishing.approve("care", id, before, second),
      services.publishing.approve("care", id, before, second),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await show()).toMatchObject({
      live: 2,
      draft: null,
      request: null,
      past: [{ state: "published", decidedBy: second, version: 2 }],
    });
    expect(await liveKeys()).toEqual(["day-3", "day-7"]);
  });

  it("writes down who asked, who approved and what it did", async () => {
    const id = await ask();
    await services.publishing.approve("care", id, await seen(), second);
    const { lines } = await changesOf(store().read, { subject: "journey:care", limit: 20 });
    const told = lines.map(({ action, by }) => [action, by]);
    expect(told).toEqual(
      expect.arrayContaining([
        ["journey.submit", author],
        ["journey.approve", second],
        ["journey.publish", second],
      ]),
    );
    const published = lines.find(({ action, by }) => action === "journey.publish" && by === second);
    expect(published).toMatchObject({
      before: { version: 1 },
      after: { version: 2, counts: { touchpoints: 1 } },
    });
  });

  it("holds no longer once the draft says something else, and again when it says the same", async () => {
    const id = await ask();
    const first = await seen();
    await services.drafts.save("care", journey(touchpoint("day-3", 3), touchpoint("day-7", 8)), author);
    expect(await show()).toMatchObject({ request: null, past: [{ id, state: "asked" }] });
    await expect(services.publishing.approve("care", id, first, second)).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(services.publishing.approve("care", id, await seen(), second)).rejects.toMatchObject({
      kind: "conflict",
    });
    expect(await liveKeys()).toEqual(["day-3"]);
    await services.drafts.save("care", journey(touchpoint("day-7", 7), touchpoint("day-3", 3)), author);
    expect(await show()).toMatchObject({ request: { id } });
  });

  it("is not published over a version nobody looked at", async () => {
    const id = await ask();
    const before = await seen();
    const file = {
      name: "care.yaml",
      text: JSON.stringify(journey(touchpoint("other", 1))),
      readWords: () => ({ fault: "none" }),
    };
    await services.drafts.applyFile(file, { yes: true, by: "system" });
    await expect(services.publishing.approve("care", id, before, second)).rejects.toMatchObject({
      kind: "conflict",
    });
    expect(await liveKeys()).toEqual(["other"]);
    expect(await show()).toMatchObject({ live: 2, request: { id } });
    await services.publishing.approve("care", id, await seen(), second);
    expect(await show()).toMatchObject({ live: 3 });
  });

  it("comes back with what is to be mended, or is taken back by who asked", async () => {
    const id = await ask();
    await expect(services.publishing.sendBack("care", id, "  ", second)).rejects.toMatchObject({
      kind: "invalid",
    });
    await expect(services.publishing.sendBack("care", id, "自己", author)).rejects.toMatchObject({
      kind: "forbidden",
    });
    await services.publishing.sendBack("care", id, "第7天太早", second);
    expect(await show()).toMatchObject({
      request: null,
      past: [{ state: "returned", answer: "第7天太早", decidedBy: second }],
    });
    await expect(services.publishing.approve("care", id, await seen(), second)).rejects.toMatchObject({
      kind: "conflict",
    });
    const again = await ask();
    await expect(services.publishing.withdraw("care", again, second)).rejects.toMatchObject({
      kind: "forbidden",
    });
    await services.publishing.withdraw("care", again, author);
    expect((await show()).past.map(({ state }) => state)).toEqual(["withdrawn", "returned"]);
    await expect(services.publishing.withdraw("care", 999, author)).rejects.toMatchObject({
      kind: "not_found",
    });
  });

  it("is asked for once, as it was seen, and only when there is something to publish", async () => {
    await ask();
    await expect(ask()).rejects.toMatchObject({ kind: "conflict" });
    const wrong = { digest: "0".repeat(64), insideGrace: false, note: "" };
    await expect(services.publishing.ask("care", wrong, author)).rejects.toMatchObject({ kind: "conflict" });
    await services.drafts.save("care", journey(touchpoint("day-3", 3)), author);
    expect(await show()).toMatchObject({ differs: false });
    await expect(ask()).rejects.toMatchObject({ kind: "conflict" });
  });

  it("needs nobody else where HQ has one account, or the setting is off", async () => {
    await expect(services.publishing.publishAlone("care", await seen(), false, author)).rejects.toMatchObject(
      { kind: "forbidden" },
    );
    await services.identity.disable(Number(second.split(":")[1]));
    expect(await show()).toMatchObject({ rule: "only_one" });
    await services.publishing.publishAlone("care", await seen(), false, author);
    expect(await show()).toMatchObject({ live: 2, draft: null });
    await house.close();
    await account2Off();
  });
  const account2Off = async () => {
    open({ journeys: { approval: "off" } });
    await services.drafts.save("care", journey(touchpoint("day-9", 9)), author);
    expect(await show()).toMatchObject({ rule: "off" });
    await services.publishing.publishAlone("care", await seen(), true, author);
    expect(await liveKeys()).toEqual(["day-9"]);
  };

  /** What the API answers an account that publishes. */
  const publishedOver = async (login: string, body: object) => {
    const page = await serve(services);
    const agent = await signedIn(page.url, login);
    const word = /name="_csrf" value="([^"]+)"/.exec((await agent.get("/report")).text)?.[1] ?? "";
    const answer = await agent.post("/api/journeys/care/publish").set("X-CSRF-Token", word).send(body);
    await page.close();
    return answer;
  };

  it("keeps to the rule over HTTP too, the author's own as anybody's", async () => {
    const id = await ask();
    for (const login of ["author", "second"])
      expect((await publishedOver(login, { yes: true })).status).toBe(403);
    expect((await publishedOver("author", {})).status).toBe(409);
    expect(await show()).toMatchObject({ live: 1, request: { id }, draft: { changedBy: author } });
    await house.close();
    open({ journeys: { approval: "off" } });
    const unsaid = await publishedOver("author", {});
    expect(unsaid.status).toBe(409);
    expect(unsaid.body.error.message).toContain("re-rendered 0, moved 0, cancelled 0, new 0");
    expect(await show()).toMatchObject({ live: 1 });
    const done = await publishedOver("author", { yes: true });
    expect(done.body).toMatchObject({ published: true, version: 2, counts: { touchpoints: 1 } });
    expect(await show()).toMatchObject({ live: 2, draft: null });
    await services.drafts.save("care", journey(touchpoint("day-3", 3), touchpoint("day-7", 7)), author);
    const same = await publishedOver("author", { yes: true });
    expect([same.status, Object.keys(same.body).sort()]).toEqual([200, Object.keys(done.body).sort()]);
    expect(same.body).toMatchObject({ published: false, version: 2 });
  });

  it("is blocked by a claim that was forbidden since, with its sentence", async () => {
    await services.drafts.save(
      "care",
      journey(touchpoint("day-3", 3, { words: "您好。奶粉呱呱叫的好！" })),
      author,
    );
    const before = await seen();
    await services.claimsList.add({ category: "own", kind: "term", phrase: "呱呱叫" }, second);
    expect(await show()).toMatchObject({
      ready: null,
      claims: [{ touchpoint: "触点day-3", before: "奶粉", found: "呱呱叫", after: "的好！" }],
    });
    await expect(
      services.publishing.ask("care", { ...before, insideGrace: false, note: "" }, author),
    ).rejects.toMatchObject({ kind: "invalid" });
    expect(await liveKeys()).toEqual(["day-3"]);
  });

  it("counts the same digest however the draft is written", async () => {
    const { ready } = await show();
    const { spec, digest } = await services.publishing
      .preview("care", false)
      .then(async (preview) => ({ ...preview, spec: ready?.spec }));
    expect(digest).toBe(spec && digestOf(spec));
  });
});
