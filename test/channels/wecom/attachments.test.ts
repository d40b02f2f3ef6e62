// What goes with a mass send: uploaded once and again in time, and never words without it.
import type { FollowUp, FollowUpAttachment } from "../../../src/channels/port.js";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore, type TokenStore } from "../../../src/channels/wecom/token.js";
import { pictureOf as readPicture } from "../../../src/infra/pictures.js";
import type { Exchange } from "../../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "../../sandbox/open.js";
import { everyKind, fileOf, pictureOf } from "../../support/attachments.js";
import { png } from "../../support/pictures.js";

const day = 86_400_000;
let stage: OpenSandbox;
let calls: Exchange[];
let tokens: TokenStore;
let channels: WecomChannel[];

beforeEach(async () => {
  calls = [];
  stage = await openSandbox({ onExchange: (one) => calls.push(one) });
  tokens = memoryTokenStore();
  channels = [];
});
afterEach(async () => {
  for (const one of channels) one.close();
  await stage.sandbox.close();
});

/** A channel as each process has its own; they share the token store. */
function channel(timeout = 10_000): WecomChannel {
  const settings = { ...app, baseUrl: stage.sandbox.url, archive: true, timeout };
  const one = new WecomChannel(settings, tokens, stage.world);
  channels.push(one);
  return one;
}

const followUp = (attachments: FollowUpAttachment[], customer = "wm-1"): FollowUp => ({
  ...{ ref: "h1", guideUserid: "lan", externalUserids: [customer], text: "您好" },
  attachments,
});
const made = (path: string) => calls.filter((one) => one.path === path).length;
const masses = () => stage.sandbox.phone("lan")?.masses ?? [];

test("every kind reaches the phone, and the customer's chat after the tap", async () => {
  const { providerRef } = await channel().handOver(followUp(everyKind()));
  const [mass] = masses();
  expect(mass?.attachments.map(({ msgtype, title }) => [msgtype, title])).toEqual([
    ["image", "month-6.png"],
    ["file", "喂养指南.pdf"],
    ["link", "指南"],
    ["link", "活动"],
    ["miniprogram", "商城"],
  ]);
  const shown = await fetch(`${stage.sandbox.url}/sandbox/media/${mass?.attachments[0]?.mediaId}`);
  expect(Buffer.from(await shown.arrayBuffer()).equals(png())).toBe(true);
  await stage.sandbox.guideConfirms("lan", providerRef);
  const chat = stage.sandbox.phone("lan")?.chats.find((one) => one.externalUserid === "wm-1");
  expect(chat?.messages.map(({ text }) => text)).toEqual([
    ...["您好", "[图片]", "[文件] 喂养指南.pdf", "[链接] 指南", "[链接] 活动", "[小程序] 商城"],
  ]);
});

test("a file is uploaded once for many hand-overs, processes and guides", async () => {
  const file = fileOf();
  const [one, other] = [channel(), channel()];
  await Promise.all([1, 2, 3, 4].map((n) => one.handOver(followUp([pictureOf(file)], `wm-${n}`))));
  await other.handOver(followUp([pictureOf(fileOf())], "wm-5"));
  expect(made("media/upload")).toBe(1);
  expect(file.reads).toBe(1);
  expect(masses()).toHaveLength(5);
});

test("and again before its three days end, while a link's picture stays for good", async () => {
  const attachments = [pictureOf(fileOf()), ...everyKind().filter(({ kind }) => kind === "link")];
  await channel().handOver(followUp(attachments, "wm-1"));
  stage.world.set(stage.world.now() + 2 * day);
  await channel().handOver(followUp(attachments, "wm-2"));
  expect(made("media/upload")).toBe(1);
  stage.world.set(stage.world.now() + 0.9 * day);
  await channel().handOver(followUp(attachments, "wm-3"));
  expect(made("media/upload")).toBe(2);
  stage.world.set(stage.world.now() + 30 * day);
  await channel().handOver(followUp(attachments, "wm-4"));
  expect(made("media/upload")).toBe(3);
  expect(made("media/uploadimg")).toBe(1);
  expect(masses()).toHaveLength(4);
});

test("a media id that WeCom knows no more is uploaded anew, once", async () => {
  stage.sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: "code", code: 40007 });
  await channel().handOver(followUp([pictureOf(fileOf())]));
  expect(made("media/upload")).toBe(2);
  expect(masses()).toHaveLength(1);
  stage.sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: "code", code: 40007, times: 2 });
  const again = channel().handOver(followUp([pictureOf(fileOf())], "wm-2"));
  await expect(again).rejects.toMatchObject({ kind: "fix", code: 40007 });
  expect(masses()).toHaveLength(1);
});

test.each([
  ["no answer", { kind: "timeout_before" }, "retry"],
  ["an answer that never came", { kind: "timeout_after" }, "retry"],
  ["a broken connection", { kind: "reset" }, "retry"],
  ["a system that stays busy", { kind: "busy", times: 3 }, "retry"],
  ["a limit", { kind: "limit" }, "wait"],
  ["a picture that is none", { kind: "code", code: 40123 }, "fix"],
] as const)("an upload with %s: no words without their picture", async (_name, fault, kind) => {
  stage.sandbox.faults.add({ path: "media/upload", ...fault });
  const attachments = [everyKind()[2] as FollowUpAttachment, pictureOf(fileOf())];
  const patience = fault.kind.startsWith("timeout") ? 250 : undefined;
  await expect(channel(patience).handOver(followUp(attachments))).rejects.toMatchObject({ kind });
  expect(made("externalcontact/add_msg_template")).toBe(0);
  expect(masses()).toEqual([]);
  // repeating it is safe
  await channel().handOver(followUp(attachments));
  expect(masses()).toHaveLength(1);
});

test.each([
  ["an empty file", Buffer.alloc(5), "picture", 44001],
  ["words for a picture", Buffer.from("no picture at all"), "picture", 40123],
  ["a file too large", Buffer.alloc(20 * 1024 * 1024 + 1), "file", 45001],
] as const)("the platform refuses %s", async (_name, bytes, kind, code) => {
  const refused = channel().handOver(followUp([{ kind, file: fileOf(bytes) }]));
  await expect(refused).rejects.toMatchObject({ kind: "fix", code });
  expect(masses()).toEqual([]);
});

test("a guide's code is made once and stays the same picture", async () => {
  const [first, second] = [await channel().guideCode("lan"), await channel().guideCode("lan")];
  expect(readPicture(first)).toMatchObject({ type: "png" });
  expect(second.equals(first)).toBe(true);
  expect((await channel().guideCode("mei")).equals(first)).toBe(false);
  expect(made("externalcontact/add_contact_way")).toBe(2);
  await expect(channel().guideCode("inside")).rejects.toMatchObject({ kind: "fix", code: 84074 });
});

test("a picture for managers is uploaded once for all of them, and again in time", async () => {
  const file = fileOf();
  const note = { kind: "picture", file, text: "完成率 88%" } as const;
  const [one, other] = [channel(), channel()];
  await one.tellGuide("lan", note);
  await other.tellGuide("mei", note);
  expect([made("media/upload"), made("message/send"), file.reads]).toEqual([1, 2, 1]);
  for (const userid of ["lan", "mei"]) {
    const shown = stage.sandbox.phone(userid)?.messages.at(-1)?.shown;
    if (shown?.msgtype !== "image") throw new Error("no picture");
    const bytes = await fetch(`${stage.sandbox.url}/sandbox/media/${shown.mediaId}`);
    expect(Buffer.from(await bytes.arrayBuffer()).equals(png())).toBe(true);
  }
  stage.world.set(stage.world.now() + 2.9 * day);
  await one.tellGuide("lan", note);
  expect(made("media/upload")).toBe(2);
  expect(await one.tellGuide("unseen", note)).toBe(false);
});

test("an id that WeCom forgot is uploaded anew, and the picture arrives", async () => {
  const note = { kind: "picture", file: fileOf(), text: "完成率 88%" } as const;
  await tokens.write(`wecom:${app.corpid}:image:${note.file.digest}`, {
    ...{ token: "gone-id", expiresAt: stage.world.now() + day },
  });
  expect(await channel().tellGuide("lan", note)).toBe(true);
  expect([made("media/upload"), made("message/send")]).toEqual([1, 2]);
});
