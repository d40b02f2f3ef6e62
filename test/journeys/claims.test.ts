// Forbidden claims: what must be found, and what sounds alike but is fine.
import { join } from "node:path";
import { projectRoot } from "../../src/infra/config.js";
import { claimsCheck, sayClaim } from "../../src/journeys/claims.js";
import { loadClaims, parseClaims } from "../../src/journeys/claims-file.js";
import { Refusal, sayFault } from "../../src/kernel/refusals.js";

const check = loadClaims(join(projectRoot, "config/forbidden-claims.yaml"));

describe("the list that ships", () => {
  it.each([
    ["这是最好的奶粉", "最好"],
    ["我们是国家级品牌", "国家级"],
    ["连续三年销量第一", "第一"],
    ["第一年就做到了全国第一", "第一"],
    ["100%安全", "100%"],
    ["１００ ％ 放心", "100%"],
    ["排名 No.1 的品牌", "NO.1"],
    ["最 佳 选 择", "最佳"],
    ["最\u200b好的选择", "最好"],
    ["妈妈们的首选", "首选"],
    ["喝了能增强免疫力", "增强…免疫"],
    ["增强宝宝的免疫力", "增强…免疫"],
    ["可以预防各类疾病", "预防…疾病"],
    ["治疗湿疹有奇效", "治…湿疹"],
    ["能治湿疹", "治…湿疹"],
    ["专治吐奶", "专治"],
    ["三天治愈", "治愈"],
    ["这款奶粉能治好湿疹", "治…湿疹"],
    ["一周治好", "治好"],
    ["有效缓解宝宝便秘", "缓解…便秘"],
    ["医生推荐的配方", "医生推荐"],
    ["喝了不上火", "不上火"],
    ["可以代替母乳", "代替…母乳"],
    ["奶粉能代替妈妈的母乳", "代替…母乳"],
    ["营养媲美母乳", "媲美…母乳"],
    ["更接近母乳", "接近…母乳"],
    ["母乳化配方", "母乳化"],
    ["和母乳一样好吸收", "和母乳一样"],
    ["营养比母乳更好", "比母乳更"],
    ["我说过最好先问医生，可它就是最好", "最好"],
  ])("%s", (text, term) => {
    expect(check(text).map((hit) => hit.term)).toEqual([term]);
  });

  it.each([
    "宝宝第一次叫妈妈",
    "第一口辅食、第一颗牙、第一步路",
    "有事第一时间找我",
    "最近母乳够吃吗",
    "最后一针、最早、最多三次",
    "最好先问问医生",
    "配方奶不能代替母乳",
    "奶粉无法替代妈妈的母乳",
    "母乳是首选",
    "这类母乳喂养的问题",
    "没有什么比母乳更合适",
    "奶粉不能治湿疹，也不治病",
    "益智玩具摆一排",
    "你是独一无二的宝贝",
    "发烧了先别自己喂退烧药",
    "打完疫苗，过敏史跟医生说一声。预防针的事听门诊安排",
    "长高了多少",
    "体检没问题，睡得好",
    "",
  ])("lets pass: %s", (text) => {
    expect(check(text)).toEqual([]);
  });
});

describe("a hit", () => {
  const text = "您好！这款全网最低价，可增强 宝宝免疫力。欢迎";

  it("tells term, reason, place as written and sentence, in the text's order", () => {
    const hits = check(text);
    expect(hits.map(({ term, found, position }) => [term, found, position])).toEqual([
      ["全网最低", "全网最低", 5],
      ["最低价", "最低价", 7],
      ["增强…免疫", "增强 宝宝免疫", 12],
    ]);
    for (const hit of hits) {
      expect(text.slice(hit.position, hit.position + hit.found.length)).toBe(hit.found);
      expect(hit.sentence).toBe("这款全网最低价，可增强 宝宝免疫力。");
    }
    expect(hits[2]).toMatchObject({ category: "医疗与功效用语" });
    expect(sayClaim(hits[2]!)).toContain("“增强 宝宝免疫”属于医疗与功效用语：广告法第十七条");
  });

  it("does not reach over the end of a sentence", () => {
    expect(check("体质要慢慢增强。免疫接种听门诊的")).toEqual([]);
    expect(check("慢慢增强\n免疫接种听门诊的")).toEqual([]);
  });

  it("inside a longer one of the same category is told once", () => {
    const list = [{ key: "a", name: "a", reason: "b", terms: ["最低价", "全网最低价"], except: [] }];
    expect(claimsCheck(list)("全网最低价").map((hit) => hit.term)).toEqual(["全网最低价"]);
  });

  it("terms are text, not patterns", () => {
    const list = [{ key: "a", name: "a", reason: "b", terms: ["a.c", "(x)+", "[y"], except: [] }];
    expect(claimsCheck(list)("abc a.c x (x)+ [y").map((hit) => hit.term)).toEqual(["a.c", "(x)+", "[y"]);
  });
});

describe("the file", () => {
  it("is refused with every fault's line", () => {
    const text = "a:\n  name: x\n  terms: [1]\nb: 3\nc:\n  nam: y\n  reason: z\n";
    let faults: string[] = [];
    try {
      parseClaims("f.yaml", text);
    } catch (error) {
      faults = (error as Refusal).faults.map(sayFault);
    }
    expect(faults.join("\n")).toMatch(/line 3 .*a list of texts/);
    expect(faults.join("\n")).toMatch(/line 2 .*reason: a text/);
    expect(faults.join("\n")).toMatch(/line 4 .*key: value pairs/);
    expect(faults.join("\n")).toMatch(/line 6 .*"nam": expected one of the keys/);
    expect(faults.join("\n")).toMatch(/line 6 .*terms: a list/);
  });

  it("that is no YAML at all is one clear refusal", () => {
    expect(() => parseClaims("f.yaml", "a: [")).toThrow(Refusal);
    expect(() => parseClaims("f.yaml", "")).toThrow(Refusal);
  });
});
