// Welcome words with all that may go along: checked before, uploaded in time, a poster for each guide, never words without
// it; and two people who change the same words at once. Over real HTTP to the sandbox.
import type { Enclosable } from "../../src/contacts/attached-files.js";
import type { NewAttachment } from "../../src/contacts/welcome-attachments.js";
import { pictureOf } from "../../src/infra/pictures.js";
import { instantOf } from "../../src/kernel/calendar.js";
import type { Refusal } from "../../src/kernel/refusals.js";
import { faultsOf } from "../channels/wecom/traffic.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { openSandboxHouse, type SandboxHouse } from "../support/house.js";
import { png } from "../support/pictures.js";

const at = instantOf("2026-03-09", "10:00", "Asia/Shanghai");
const hour = 3_600_000;
const mega = 2 ** 20;
const words = "您好，我是{{guide.name}}。";
const base = png(400, 300, "#fff");
const film = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypisom"), Buffer.alloc(64)]);
const paper = Buffer.from("%PDF-1.7 喂养指南");
const picture: NewAttachment = { kind: "picture", name: "card.png", bytes: png() };
const poster: NewAttachment = {
  ...{ kind: "poster", name: "poster.png", bytes: base },
  code: { left: 40, top: 60, size: 200 },
};
const link: NewAttachment = { kind: "link", title: "会员福利", url: "https://example.com/vip", desc: "领券" };
const page: NewAttachment = {
  ...{ kind: "mini_program", title: "商城", appid: `wx${"a".repeat(16)}`, page: "pages/index" },
  ...{ name: "cover.png", bytes: png(60, 48) },
};
const video: NewAttachment = { kind: "video", name: "hello.mp4", bytes: film };
const file: NewAttachment = { kind: "file", name: "喂养指南.pdf", bytes: paper };

describeOnEachDatabase("welcome words", (store) => {
  let house: SandboxHouse;
  let calls: string[];
  /** what went over the wire and no document allows */
  const undocumented: string[] = [];

  beforeEach(async () => {
    await emptied(store());
    calls = [];
    house = await openSandboxHouse(store(), at, {
      onExchange: (exchange) => {
        calls.push(exchange.path);
        undocumented.push(...faultsOf(exchange));
      },
    });
    const { sandbox, url } = house;
    sandbox.connect({ callbackUrl: `${url}/wecom/callback` });
    const guides = ["lan", "mei"].map((userid) => ({ userid, name: `${userid}姐`, skill: 0 }));
    sandbox.enrol({ guides, customers: [], contacts: [] });
    await contacts().sync();
    calls = [];
  });
  afterEach(async () => {
    await house.close();
    expect(undocumented.splice(0)).toEqual([]);
  });

  const contacts = () => house.services.contacts as NonNullable<typeof house.services.contacts>;
  const welcome = () => contacts().welcome;
  const set = (add: readonly NewAttachment[], keep: readonly Enclosable[] = []) =>
    welcome().set("default", words, "system", { attachments: { keep, add } });
  const made = (path: string) => calls.filter((one) => one === path).length;
  const add = async (guideUserid: string, externalUserid: string) => {
    const customer = { externalUserid, name: externalUserid };
    await house.sandbox.contactAdded({ guideUserid, externalUserid, customer });
    await house.services.passes.callbacks();
  };
  /** What a customer was welcomed with. */
  const along = async (externalUserid: string) => {
    const all = await house.sandbox.inCorp((corp) => corp.welcomes());
    const sent = all.find((one) => one.external_userid === externalUserid && one.used_at !== null);
    return house.sandbox.inCorp((corp) => corp.welcomeAttachments(sent?.code ?? ""));
  };
  const bytesOf = async (mediaId: string) =>
    Buffer.from(await (await fetch(`${house.sandbox.url}/sandbox/media/${mediaId}`)).arrayBuffer());
  const results = async () =>
    Object.fromEntries((await welcome().log(9)).map(({ customer, result }) => [customer, result]));

  test("take all that WeCom takes, in their order, the poster with each guide's own code", async () => {
    await set([picture, poster, link, page, video, file]);
    // the poster is made for its guide
    expect(made("media/upload")).toBe(4);
    await add("lan", "wm-1");
    const shown = await along("wm-1");
    expect(shown.map(({ msgtype, title }) => [msgtype, title])).toEqual([
      ["image", "card.png"],
      ["image", "poster.png"],
      ["link", "会员福利"],
      ["miniprogram", "商城"],
      ["video", "hello.mp4"],
      ["file", "喂养指南.pdf"],
    ]);
    expect((await bytesOf(shown[4]?.mediaId ?? "")).equals(film)).toBe(true);
    expect([made("media/upload"), made("externalcontact/add_contact_way")]).toEqual([5, 1]);
    await add("mei", "wm-2");
    const [lans, meis] = [shown[1], (await along("wm-2"))[1]].map((one) => one?.mediaId ?? "");
    const [of1, of2] = [await bytesOf(lans ?? ""), await bytesOf(meis ?? "")];
    expect(pictureOf(of1)).toMatchObject({ type: "png", width: 400, height: 300 });
    expect([of1.equals(base), of1.equals(of2)]).toEqual([false, false]);
    // the next customers cost no upload and no code more
    await add("lan", "wm-3");
    expect([made("media/upload"), made("externalcontact/add_contact_way")]).toEqual([6, 2]);
    expect((await along("wm-3"))[1]?.mediaId).toBe(lans);
    expect(await results()).toEqual({ "wm-1": "sent", "wm-2": "sent", "wm-3": "sent" });
  });

  test("are greeted within the 20 s however old the files are: each night uploads again what will not last", async () => {
    await set([picture, page, video, file]);
    for (const night of [1, 2, 3, 4, 5]) {
      house.world.set(at + (night * 24 - 7) * hour);
      // one night the files cannot be uploaded
      if (night === 2)
        house.sandbox.faults.add({ path: "media/upload", kind: "code", code: 48002, times: 9 });
      const { unready } = await contacts().sync();
      expect(unready).toEqual(
        night === 2 ? [{ scope: "default", why: expect.stringContaining("48002") }] : [],
      );
      house.sandbox.faults.clear();
      house.world.set(at + night * 24 * hour);
      calls = [];
      await add("mei", `wm-${night}`);
      expect([made("media/upload"), made("externalcontact/send_welcome_msg")]).toEqual([0, 1]);
      expect(await along(`wm-${night}`)).toHaveLength(4);
    }
    expect(Object.values(await results())).toEqual(Array(5).fill("sent"));
  });

  test("never go without what belongs to them", async () => {
    await set([poster]);
    house.sandbox.faults.add({ path: "externalcontact/add_contact_way", kind: "code", code: 84074 });
    await add("lan", "wm-1");
    const [line] = await welcome().log(1);
    expect(line).toMatchObject({ result: "refused", error: expect.stringContaining("84074") });
    expect(made("externalcontact/send_welcome_msg")).toBe(0);
    // a poster that WeCom forgot is made and uploaded anew
    await add("lan", "wm-2");
    house.sandbox.faults.add({ path: "externalcontact/send_welcome_msg", kind: "code", code: 40007 });
    await add("lan", "wm-3");
    expect(await results()).toMatchObject({ "wm-2": "sent", "wm-3": "sent" });
    expect(await along("wm-3")).toHaveLength(1);
  });

  const big = (bytes: Buffer, size: number) => Buffer.concat([bytes, Buffer.alloc(size - bytes.length + 1)]);
  const at0 = (left: number, top: number, size: number): NewAttachment => ({
    ...{ kind: "poster", name: "p.png", bytes: base },
    code: { left, top, size },
  });
  test.each<[string, NewAttachment, string, string]>([
    ["a picture that is none", { ...picture, bytes: paper } as NewAttachment, "图片", "JPG 或 PNG"],
    [
      "a picture too large",
      { ...picture, bytes: big(png(), 10 * mega) } as NewAttachment,
      "图片",
      "不超过 10 MB",
    ],
    ["a video that is none", { ...video, bytes: paper } as NewAttachment, "视频", "MP4"],
    ["a video too large", { ...video, bytes: big(film, 10 * mega) } as NewAttachment, "视频", "不超过 10 MB"],
    ["a file of no kind that is sent", { ...file, name: "a.exe" } as NewAttachment, "文件", "pdf"],
    [
      "a file that is another by its content",
      { ...file, name: "a.docx" } as NewAttachment,
      "文件",
      "内容确实是 docx",
    ],
    ["a file too large", { ...file, bytes: big(paper, 20 * mega) } as NewAttachment, "文件", "不超过 20 MB"],
    ["an empty file", { ...file, bytes: Buffer.alloc(0) } as NewAttachment, "文件", "有内容"],
    ["a cover that is none", { ...page, bytes: paper } as NewAttachment, "小程序封面", "JPG 或 PNG"],
    ["a poster that is no picture", { ...poster, bytes: film } as NewAttachment, "专属海报", "JPG 或 PNG"],
    ["a code no phone can read", at0(0, 0, 79), "二维码的位置", "至少 80"],
    ["a code outside of its poster", at0(250, 0, 200), "二维码的位置", "400 × 300"],
    ["a code at no pixel", at0(Number.NaN, 0, 100), "二维码的位置", "整数像素"],
    ["a link without a title", { ...link, title: "" } as NewAttachment, "标题", "1 到 128 字节"],
    ["a claim", { ...link, desc: "全国第一" } as NewAttachment, "描述", ""],
  ])("refuse %s, and keep what stood there", async (_what, one, where, expected) => {
    await welcome().set("default", "早", "system");
    const refused = await set([one]).catch((error: Refusal) => error);
    expect(refused).toMatchObject({
      kind: "invalid",
      faults: [{ where, expected: expect.stringContaining(expected) }],
    });
    expect(await welcome().list()).toMatchObject([{ words: "早", attachments: [] }]);
    expect(made("media/upload")).toBe(0);
  });

  test("take nine attachments and no more", async () => {
    const links = (n: number) => Array.from({ length: n }, () => link);
    await set(links(9));
    const [stood] = await welcome().list();
    await expect(set([link], stood?.attachments)).rejects.toMatchObject({ kind: "invalid" });
    await add("lan", "wm-1");
    expect(await along("wm-1")).toHaveLength(9);
  });

  test("that two people change at once: the second is shown the first's, and nothing is written over unseen", async () => {
    await set([picture, link]);
    const [seen] = await welcome().list();
    if (!seen) throw new Error("no words");
    const of = (text: string, kept: readonly Enclosable[], add: NewAttachment[] = []) => ({
      text,
      more: { seen: seen.seen, attachments: { keep: kept, add } },
    });
    const [lan, mei] = [of("兰的话", seen.attachments.slice(1)), of("梅的话", seen.attachments, [page])];
    const both = await Promise.allSettled([
      welcome().set("default", lan.text, "account:1", lan.more),
      welcome().set("default", mei.text, "account:2", mei.more),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = both.find((one) => one.status === "rejected");
    expect(lost?.reason).toMatchObject({
      kind: "conflict",
      message: expect.stringContaining("刚被别人改过"),
    });
    const [now] = await welcome().list();
    const lanWon = both[0]?.status === "fulfilled";
    expect([now?.words, now?.attachments.length]).toEqual(lanWon ? ["兰的话", 1] : ["梅的话", 3]);
    // who has read it may write over it; who has not may not even take it away
    await expect(welcome().remove("default", "account:2", seen.seen)).rejects.toMatchObject({
      kind: "conflict",
    });
    await welcome().set("default", "再改", "account:2", { seen: now?.seen ?? "" });
    expect(await welcome().list()).toMatchObject([{ words: "再改", attachments: now?.attachments }]);
    const changes = await store().read.rows<{ before: string }>(
      "SELECT before_json AS `before` FROM audit_entry WHERE action = 'welcome.set' ORDER BY id",
    );
    expect(changes.map(({ before }) => before && (JSON.parse(before) as { words: string }).words)).toEqual([
      null,
      words,
      now?.words,
    ]);
  });

  test("that two people write first: one's stand", async () => {
    const first = await Promise.allSettled(
      ["兰的话", "梅的话"].map((text) => welcome().set("campaign:618", text, "system", { seen: "" })),
    );
    expect(first.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [stood] = await welcome().list();
    expect(stood?.words).toBe(first[0]?.status === "fulfilled" ? "兰的话" : "梅的话");
    await welcome().remove("campaign:618", "system", stood?.seen);
    // taken away meanwhile: that is said, too
    await expect(
      welcome().set("campaign:618", "又一版", "system", { seen: stood?.seen ?? "" }),
    ).rejects.toMatchObject({ kind: "conflict", message: expect.stringContaining("去掉") });
  });
});
