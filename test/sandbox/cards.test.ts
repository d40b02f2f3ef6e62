// Cards that change after they were sent: a code is good once, for a day, for those who got the card.
import { type Closing, listen, stageWith } from "./ear.js";
import { app } from "./open.js";

type Answer = Record<string, unknown> & { errcode: number };

const open: Closing[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const card = {
  card_type: "button_interaction",
  task_id: "t1",
  main_title: { title: "今日任务" },
  button_list: [{ type: 0, text: "开始", key: "start" }],
};

async function scene() {
  const ear = await listen(open);
  const { sandbox, world } = await stageWith(open, ear);
  const token = async (): Promise<string> => {
    const url = `${sandbox.url}/cgi-bin/gettoken?corpid=${app.corpid}&corpsecret=${app.secret}`;
    return ((await (await fetch(url)).json()) as { access_token: string }).access_token;
  };
  const post = async (path: string, body: object): Promise<Answer> => {
    const url = `${sandbox.url}/cgi-bin/message/${path}?access_token=${await token()}`;
    const answer = await fetch(url, {
      method: "POST",
      body: JSON.stringify({ agentid: app.agentid, ...body }),
    });
    return (await answer.json()) as Answer;
  };
  const sent = await post("send", { touser: "lan|mei", msgtype: "template_card", template_card: card });
  const update = (code: unknown, change: object = { userids: ["lan"], button: { replace_name: "已开始" } }) =>
    post("update_template_card", { response_code: code, ...change });
  const shown = (userid: string) => sandbox.phone(userid)?.messages[0]?.shown;
  return { ear, sandbox, world, code: sent.response_code, update, shown };
}

test("the code of the send greys the buttons once, of those who are named", async () => {
  const { sandbox, code, update, shown } = await scene();
  expect(await update(code)).toEqual({ errcode: 0, errmsg: "ok", invaliduser: [] });
  expect(shown("lan")).toMatchObject({ title: "今日任务", replaced: "已开始" });
  expect(shown("mei")).not.toHaveProperty("replaced");
  expect(await sandbox.guideTaps("lan", "t1", "start")).toBe(false);
  expect(await sandbox.guideTaps("mei", "t1", "start")).toBe(true);
  expect((await update(code)).errcode).toBe(60140);
});

test("each tap brings a code of its own, by which the card may become another", async () => {
  const { ear, sandbox, code, update, shown } = await scene();
  await sandbox.guideTaps("lan", "t1", "start");
  await sandbox.guideTaps("lan", "t1", "start");
  const codes = ear.events.map((event) => (event.kind === "cardTap" ? event.responseCode : ""));
  expect(new Set([...codes, code]).size).toBe(3);
  const next = { ...card, main_title: { title: "还有两位" } };
  expect((await update(codes[1], { userids: ["LAN"], template_card: next })).errcode).toBe(0);
  expect(shown("lan")).toMatchObject({ title: "还有两位", cardId: "t1" });
  expect(await sandbox.guideTaps("lan", "t1", "start")).toBe(true);
  expect((await update(codes[0])).errcode).toBe(0);
});

test.each<[string, object, number]>([
  ["nobody named", { button: { replace_name: "好" } }, 82101],
  ["somebody who never got it", { userids: ["inside"], button: { replace_name: "好" } }, 82102],
  ["nothing to change", { userids: ["lan"] }, 40058],
  ["a card that is none", { userids: ["lan"], template_card: { ...card, main_title: {} } }, 41016],
  ["another app", { userids: ["lan"], button: { replace_name: "好" }, agentid: 1 }, 301002],
])("%s is answered with its number, and the code stays good", async (_name, change, errcode) => {
  const { code, update } = await scene();
  expect((await update(code, change)).errcode).toBe(errcode);
  expect((await update(code)).errcode).toBe(0);
});

test("after a day a code is no good any more, and one nobody gave never was", async () => {
  const { code, update, world } = await scene();
  expect((await update("rc-invented")).errcode).toBe(60140);
  world.set(world.now() + 24 * 3_600_000);
  expect((await update(code)).errcode).toBe(60140);
});
