// The record of changes in words people know: every action, what it was done to, every part and value of a change.
import { fieldName } from "../../../src/console/audit/fields.js";
import { isNamed } from "../../../src/console/audit/names.js";
import { recordChange } from "../../../src/identity/audit.js";
import { LANGUAGE_COOKIE } from "../../../src/infra/web.js";
import { LIST_FIELDS, RANGE_FIELDS } from "../../../src/journeys/audience.js";
import { PLAN_LIMITS } from "../../../src/journeys/experiments.js";
import { CONTENT_KEYS } from "../../../src/journeys/file.js";
import { TRIGGER_KEYS } from "../../../src/journeys/read-trigger.js";
import { type ApiHouse, openApiHouse } from "../../support/api-house.js";
import { readSources } from "../../support/sources.js";

/** Every action that the code writes down. */
function actions(): string[] {
  const said = /\baction(?: =|:)[^;\n]*?"([a-z_-]+\.[a-z-]+)"(?: : "([a-z_-]+\.[a-z-]+)")?/g;
  const found = readSources("src").flatMap(({ text }) =>
    [...text.matchAll(said)].flatMap(([, one = "", other]) => (other ? [one, other] : [one])),
  );
  // put together where they are written
  const made = [
    ...["approve", "publish", "reject", "withdraw", "void", "pause", "resume", "archive"].map(
      (deed) => `journey.${deed}`,
    ),
    ...["customer.stop", "customer.resume", "customer.unmask", "task.retry", "task.close"],
    ...["oneoff.create", "oneoff.close"],
  ];
  return [...new Set([...found, ...made])];
}

test("every action has a name", () => {
  expect(actions().length).toBeGreaterThan(60);
  expect(actions().filter((action) => !isNamed(action))).toEqual([]);
});

test("every part of a journey has a name", () => {
  const parts = [
    ...[...CONTENT_KEYS, ...TRIGGER_KEYS, ...LIST_FIELDS, ...RANGE_FIELDS],
    ...["all", "any", "not", "at_least", "at_most", "share", "grace_days", ...Object.keys(PLAN_LIMITS)],
    ...[
      "outcomes",
      "tags",
      "next_touch",
      "kind",
      "title",
      "url",
      "blocked_months",
      "cover",
      "file",
      "digest",
    ],
  ];
  expect(parts.filter((part) => /[a-z]/i.test(fieldName(part).join("")))).toEqual([]);
});

/** Words of a brand, all known to the catalogue and not. */
const WORDS = ["宝宝，今天：标签。", "问我：孩子穿几件、推车怎么收。今天，慢慢跟您说。"];

describe("the page", () => {
  let house: ApiHouse;
  let hq: Awaited<ReturnType<ApiHouse["as"]>>;
  beforeAll(async () => {
    house = await openApiHouse("2026-03-09");
    const { customers, store } = house.services;
    await customers.push("stores", [{ store_code: "S1", store_name: "徐汇店", 大区: "华东" }]);
    await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
    await house.account("wang", "hq");
    hq = await house.as("wang");
    const account = await store.read.row<{ id: number }>("SELECT id FROM account WHERE login = 'wang'");
    const by = `account:${account?.id}`;
    const at = house.world.now();
    const touchpoint = { key: "七天", after: "joined", send: "mass", automatic: true };
    const lines = [
      {
        ...{ action: "journey.draft", subject: "journey:care" },
        after: { touchpoints: [{ ...touchpoint, audience: { lacks: ["child.born_on"] }, hold_out: 5 }] },
      },
      {
        ...{ action: "journey.approve", subject: "journey:care" },
        before: { askedBy: by, state: "asked" },
        after: { state: "published" },
      },
      { action: "account.change", subject: by, before: { role: "guide" }, after: { role: "hq" } },
      { action: "urge.start", subject: "guides", after: { guides: [1] } },
      { action: "leave.put", subject: "guide:lan", after: { deputy: "lan", cancelled: false } },
      {
        ...{ action: "stop.release", subject: "setting:stopped" },
        before: { stopped: true, at: Date.UTC(2026, 2, 9, 1), by },
      },
      { action: "job.run", subject: "job:plan" },
      {
        action: "task.retry",
        subject: "task:refused",
        before: { trouble: "refused", reason: "channel_refused" },
      },
      {
        ...{ action: "journey.draft", subject: "journey:care" },
        ...{ before: { touchpoints: [{ key: "七天", words: WORDS[0] }] } },
        ...{ after: { touchpoints: [{ key: "七天", words: WORDS[1] }] } },
      },
    ];
    await store.write(async (sql) => {
      for (const line of lines) await recordChange(sql, { at, by, ...line });
    });
  });
  afterAll(() => house.close());

  /** The rows as read: without marks and addresses. */
  const seen = async () => {
    const { text } = await hq("get", "/settings/audit").set("Accept", "text/html").expect(200);
    const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(text)?.[1] ?? "";
    return body.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  };

  test.each([
    "旅程 · 保存草稿",
    "从哪天以后算 加好友",
    "怎么发 企业微信群发",
    "到点自动发 是",
    "缺少资料 宝宝生日",
    "状态 待审批 已发布",
    "提交人 wang",
    "账号 wang",
    "角色 导购 总部运营",
    "导购 兰兰",
    "代班 兰兰",
    "设置 紧急停止",
    "时间 2026年3月9日 09:00",
    "定时工作 生成任务",
    "任务 渠道拒绝发送",
    "哪一类 渠道拒绝发送",
  ])("says %s", async (words) => {
    expect(await seen()).toContain(words);
  });

  test("holds no word of the program", async () => {
    const text = await seen();
    expect(text.replace(/\bwang\b|\bcare\b/g, "").match(/[a-z][a-z_.:]+/gi)).toBeNull();
  });

  test("in English, what was written is quoted to the letter, what we call things is English", async () => {
    const asked = hq("get", "/settings/audit").set("Accept", "text/html");
    const session = asked.get("Cookie");
    const { text } = await asked.set("Cookie", `${session}; ${LANGUAGE_COOKIE}=en`).expect(200);
    expect(text).toContain(`<del>${WORDS[0]}</del> <ins>${WORDS[1]}</ins>`);
    expect(text).toContain("<del>Store guide</del>");
  });

  test("looked at by subject, it says whose changes they are", async () => {
    const { text } = await hq("get", "/settings/audit?subject=guide:lan")
      .set("Accept", "text/html")
      .expect(200);
    expect(text).toContain('<span class="chip">导购 兰兰</span>');
  });

  test("the file says the same, with the keys beside", async () => {
    const { text } = await hq("get", "/settings/audit.csv").expect(200);
    expect(text).toContain("导购 兰兰,guide:lan");
    expect(text).toContain("触点 › 七天 › 从哪天以后算:  → 加好友");
  });
});
