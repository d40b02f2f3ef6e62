// The page of welcome words, as its form is sent without any script: all that may go along, what is refused with all that
// was typed still there, and two people at the same words.
import type request from "supertest";
import { instantOf } from "../../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../../support/house.js";
import { png } from "../../support/pictures.js";

const PAGE = "/org/wecom/welcome";
const film = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypisom"), Buffer.alloc(64)]);

describe("the page of welcome words", () => {
  let database: TestDatabase;
  let house: SandboxHouse;
  let people: Record<"chen" | "wang", Awaited<ReturnType<typeof signedIn>>>;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    house = await openSandboxHouse(await database.open(), instantOf("2026-03-09", "10:00", "Asia/Shanghai"));
    const { identity } = house.services;
    for (const login of ["chen", "wang"])
      await identity.createAccount({ login, name: login, role: "hq", password });
    people = { chen: await signedIn(house.url, "chen"), wang: await signedIn(house.url, "wang") };
  });
  afterAll(async () => {
    await house.close();
    await database.drop();
  });

  type Who = keyof typeof people;
  const page = async (who: Who) => (await people[who].get(PAGE).set("Accept", "text/html").expect(200)).text;
  /** The hidden fields of the form that changes a scope's words, or writes new ones. */
  const formOf = (html: string, scope?: string) => {
    const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const own = html.split("<section").find((part) => scope && part.includes(`value="${scope}"`));
    const seen = own && /enctype[\s\S]*?name="seen" value="([^"]*)"/.exec(own)?.[1];
    return { _csrf: csrf, seen: seen ?? "" };
  };
  const send = async (
    who: Who,
    fields: Record<string, string>,
    files: [field: string, bytes: Buffer, name: string][] = [],
  ): Promise<request.Response> => {
    let asked = people[who].post(PAGE).set("Accept", "text/html").redirects(0);
    for (const [name, value] of Object.entries(fields)) asked = asked.field(name, value);
    for (const [field, bytes, name] of files) asked = asked.attach(field, bytes, name);
    return asked;
  };
  const words = async () => house.services.contacts?.welcome.list() ?? [];

  test("takes pictures, a poster, a video, a file, a link and a mini-program page", async () => {
    const html = await page("chen");
    expect(html).toContain(".pdf,.docx");
    const answer = await send(
      "chen",
      {
        ...{ ...formOf(html), scope: "default", name: "", words: "您好" },
        ...{ poster_left: "40", poster_top: "60", poster_size: "120" },
        ...{ link_title: "会员福利", link_url: "https://example.com/vip" },
        ...{ page_title: "商城", page_appid: `wx${"a".repeat(16)}`, page_path: "pages/index" },
      },
      [
        ["pictures", png(), "一.png"],
        ["pictures", png(31, 31), "二.png"],
        ["poster", png(300, 300), "海报.png"],
        ["page_cover", png(60, 48), "封面.png"],
        ["videos", film, "问候.mp4"],
        ["files", Buffer.from("%PDF-1.7"), "指南.pdf"],
      ],
    );
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    const [stood] = await words();
    expect(stood?.attachments).toMatchObject([
      { kind: "picture", file: { name: "一.png" } },
      { kind: "picture", file: { name: "二.png" } },
      { kind: "poster", file: { name: "海报.png" }, code: { left: 40, top: 60, size: 120 } },
      { kind: "link", title: "会员福利", url: "https://example.com/vip" },
      { kind: "mini_program", title: "商城", cover: { name: "封面.png" } },
      { kind: "video", file: { name: "问候.mp4" } },
      { kind: "file", file: { name: "指南.pdf" } },
    ]);
    const shown = await page("chen");
    for (const said of [
      "专属海报：海报.png",
      "二维码在左 40、上 60，边长 120",
      "视频：问候.mp4",
      "文件：指南.pdf",
    ])
      expect(shown).toContain(said);
  });

  test("keeps what is ticked and adds what is new", async () => {
    const html = await page("chen");
    const fields = { ...formOf(html, "default"), scope: "default", name: "", words: "您好呀" };
    await send("chen", { ...fields, keep_1: "yes", keep_5: "yes" }, [["pictures", png(20, 20), "三.png"]]);
    const [stood] = await words();
    expect(stood?.attachments.map((one) => ("file" in one ? one.file.name : ""))).toEqual([
      "二.png",
      "问候.mp4",
      "三.png",
    ]);
  });

  test.each<[string, Record<string, string>, [string, Buffer, string][], string]>([
    ["a poster without its place", {}, [["poster", png(300, 300), "海报.png"]], "还缺二维码的位置"],
    ["a place without a poster", { poster_size: "100" }, [], "还缺底图"],
    [
      "a code outside of its poster",
      { poster_left: "250", poster_top: "0", poster_size: "100" },
      [["poster", png(300, 300), "海报.png"]],
      "在底图的 300 × 300 像素之内",
    ],
    ["a page without its cover", { page_title: "商城" }, [], "还缺一张封面"],
    ["a video that is none", {}, [["videos", Buffer.from("not a film"), "a.mp4"]], "应为MP4 视频"],
    ["a claim in a title", { link_title: "全国第一", link_url: "https://example.com" }, [], "附件不符合要求"],
  ])("refuses %s, says so, and loses nothing of what was typed", async (_what, more, files, said) => {
    const before = await words();
    const html = await page("chen");
    const fields = { ...formOf(html, "default"), scope: "default", name: "", words: "写了很久的一段话" };
    const answer = await send("chen", { ...fields, keep_0: "yes", ...more }, files);
    expect(answer.status).toBe(422);
    for (const text of [said, "写了很久的一段话", ...Object.values(more)])
      expect(answer.text).toContain(text);
    // the boxes are as they were ticked
    expect(answer.text).toMatch(/name="keep_0" value="yes" checked/);
    expect(answer.text).toMatch(/name="keep_1" value="yes">/);
    expect(await words()).toEqual(before);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "a link that is too long",
      { link_url: `https://example.com/${"a".repeat(2048)}` },
      "链接地址：应为最多 2048 个字",
    ],
    [
      "a name that is too long",
      { scope: "campaign", name: "夏".repeat(65) },
      "活动或渠道参数：应为最多 64 个字",
    ],
    ["no words", { words: " " }, "欢迎语：应为要说的话"],
    ["a scope nobody knows", { scope: "else", name: "" }, "用于：应为所有新客户、一个活动或一个渠道参数"],
  ])("%s: refused with all that was typed still there", async (_what, typed, fault) => {
    const before = await words();
    const fields = {
      scope: "state",
      name: "超长",
      words: "没有丢的话",
      link_title: "没有丢的标题",
      ...typed,
    };
    const answer = await send("chen", { ...formOf(await page("chen")), ...fields });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(fault);
    for (const text of [fields.words.trim(), fields.name, "没有丢的标题", typed.link_url ?? ""])
      expect(answer.text.replaceAll("&#x3D;", "=")).toContain(text);
    expect(await words()).toEqual(before);
  });

  test("that two people have open: the second is shown both texts, and may save again", async () => {
    const [chens, wangs] = [formOf(await page("chen"), "default"), formOf(await page("wang"), "default")];
    const of = (text: string, form: object) => ({ ...form, scope: "default", name: "", words: text });
    expect((await send("chen", of("陈的话", { ...chens, keep_0: "yes" }))).status).toBe(303);
    const late = await send("wang", of("王的话", { ...wangs, keep_0: "yes", keep_1: "yes" }));
    expect(late.status).toBe(409);
    for (const text of ["刚被别人改过", "陈的话", "王的话"]) expect(late.text).toContain(text);
    expect(await words()).toMatchObject([{ words: "陈的话", attachments: [{ kind: "picture" }] }]);
    // what stands there now has one attachment: its box is ticked, whatever the other form said
    expect(late.text.match(/name="keep_\d+" value="yes" checked/g)).toHaveLength(1);
    const again = formOf(late.text, "default");
    expect(again.seen).not.toBe(wangs.seen);
    expect((await send("wang", of("王的话", { ...again, keep_0: "yes" }))).status).toBe(303);
    expect(await words()).toMatchObject([{ words: "王的话", attachments: [{ kind: "picture" }] }]);
  });

  test("that somebody else wrote meanwhile are not written over by the form for new ones", async () => {
    const fresh = formOf(await page("wang"));
    const answer = await send("wang", { ...fresh, scope: "default", name: "", words: "从头写的" });
    expect(answer.status).toBe(409);
    for (const text of ["这里已经有欢迎语了", "从头写的", "王的话"]) expect(answer.text).toContain(text);
    // a campaign without a name: the form for new words keeps its text
    const nameless = await send("wang", { ...fresh, scope: "campaign", name: "", words: "活动的话" });
    expect(nameless.status).toBe(422);
    expect(nameless.text).toContain("活动的话");
    expect(nameless.text).toMatch(/<option value="campaign" selected>/);
  });

  test("that were changed meanwhile are not taken away unseen", async () => {
    const html = await page("chen");
    const { _csrf, seen } = formOf(html, "default");
    await house.services.contacts?.welcome.set("default", "又改了", "account:2");
    const remove = (one: string) =>
      people.chen
        .post(`${PAGE}/remove`)
        .set("Accept", "text/html")
        .type("form")
        .redirects(0)
        .send({ _csrf, scope: "default", seen: one });
    expect((await remove(seen)).status).toBe(409);
    expect((await remove(formOf(await page("chen"), "default").seen)).status).toBe(303);
    expect(await words()).toEqual([]);
  });
});
