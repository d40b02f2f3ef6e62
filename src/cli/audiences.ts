// guidepost audience, tags: what a rule finds, the limits between stages, tags by hand and by rule.
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { CarriedTag } from "../customers/tag-service.js";
import { parseAudience } from "../journeys/audience-file.js";
import { Refusal } from "../kernel/refusals.js";
import { print, tell, withServices } from "./open.js";

/** A rule from a file or the line itself. */
interface RuleOptions {
  rule?: string;
  json?: boolean;
}

const asJson = () => new Option("--json", "JSON");
const asRule = () => new Option("--rule <json>", "规则，直接写成 JSON");

/** Adds the commands on audiences and tags. */
export function addAudienceCommands(program: Command): void {
  const audience = program.command("audience").description("人群：规则找到多少客户");
  audience
    .command("count [file]")
    .description("按规则（YAML 或 JSON 文件，或 --rule）数一数现在有多少客户")
    .addOption(asRule())
    .addOption(asJson())
    .action((file: string | undefined, { rule, json = false }: RuleOptions) =>
      withServices(async ({ audiences }) => {
        const count = await audiences.count(readRule(file, rule));
        for (const warning of count.warnings) tell(warning);
        if (json) print(JSON.stringify(count));
        else
          print(
            `${count.says}\n${count.customers} 位客户，其中 ${count.with_owner} 位有导购（${count.on}）。`,
          );
      }),
    );
  audience
    .command("limits")
    .description("购买阶段和习惯的界限：天数与件数")
    .option("--set <json>", '改其中几项，例如 {"activeDays":45}')
    .action(({ set }: { set?: string }) =>
      withServices(async ({ audiences }) => {
        const limits =
          set === undefined ? await audiences.limits() : await audiences.setLimits(jsonOf(set), "system");
        print(JSON.stringify(limits));
      }),
    );
  addTagCommands(program.command("tags").description("客户标签：手动、按规则、由模型"));
}

function addTagCommands(tags: Command): void {
  tags
    .command("list")
    .description("在用的标签和客户数")
    .addOption(asJson())
    .action(({ json = false }: RuleOptions) =>
      withServices(async ({ tags: service }) => {
        const uses = await service.uses();
        if (json) print(JSON.stringify({ tags: uses }));
        else if (uses.length === 0) print("还没有标签。");
        else
          for (const { name, source, customers } of uses) print(`${name}\t${GIVERS[source]}\t${customers}`);
      }),
    );
  tags
    .command("show <customer>")
    .description("一位客户的标签和变更记录")
    .addOption(asJson())
    .action((customer: string, { json = false }: RuleOptions) => show(customer, json));
  for (const [word, what] of [
    ["add", "加上"],
    ["remove", "去掉"],
  ] as const)
    tags
      .command(`${word} <tag> <customers...>`)
      .description(`给客户${what}一个标签`)
      .action((tag: string, customers: string[]) =>
        withServices(async ({ tags: service }) => {
          print(`${what}「${tag}」：${await service[word](customers, tag, "system")} 位客户。`);
        }),
      );
  addRuleCommands(tags);
}

function addRuleCommands(tags: Command): void {
  const rule = tags.command("rule").description("按规则给标签");
  rule
    .command("list")
    .description("所有规则")
    .addOption(asJson())
    .action(({ json = false }: RuleOptions) =>
      withServices(async ({ tagRules }) => {
        const rules = await tagRules.list();
        if (json) print(JSON.stringify({ rules }));
        else if (rules.length === 0) print("还没有规则。");
        else for (const { name, says } of rules) print(`${name}\t${says}`);
      }),
    );
  rule
    .command("set <tag> [file]")
    .description("设定规则并立即给标签")
    .addOption(asRule())
    .action((tag: string, file: string | undefined, { rule: text }: RuleOptions) =>
      withServices(async ({ tagRules, tagging }) => {
        await tagRules.set(tag, readRule(file, text), "system");
        const { given, taken } = await tagging.everybody();
        print(`加标签 ${given}，去标签 ${taken}。`);
      }),
    );
  rule
    .command("drop <tag>")
    .description("删除规则，去掉它给的标签")
    .action((tag: string) =>
      withServices(async ({ tagRules }) => print(`去标签 ${await tagRules.drop(tag, "system")}。`)),
    );
}

const GIVERS: Record<CarriedTag["source"], string> = {
  ...{ manual: "手动", rule: "规则", model: "模型" },
  wecom: "企业微信",
};

async function show(customer: string, json: boolean): Promise<void> {
  await withServices(async ({ tags, config }) => {
    const { tags: now, past } = await tags.show(customer);
    if (json) {
      print(JSON.stringify({ tags: now, past }));
      return;
    }
    const time = (ms: number | null) =>
      ms === null ? "早先" : new Date(ms).toLocaleString("sv-SE", { timeZone: config.zone }).slice(0, 16);
    const lines = now.map(
      ({ name, source, by, at }) => `${name}\t${GIVERS[source]}\t${time(at)}\t${by ?? ""}`,
    );
    const gone = past.map(
      ({ name, source, at, takenAt, takenBy }) =>
        `已去掉 ${name}\t${GIVERS[source]}\t${time(at)} 至 ${time(takenAt)}\t${takenBy}`,
    );
    print([...lines, ...gone].join("\n") || "没有标签。");
  });
}

function readRule(file: string | undefined, rule: string | undefined): unknown {
  if (rule !== undefined && file !== undefined)
    throw new Refusal("invalid", "规则文件和 --rule 只能给一个。");
  if (rule !== undefined) return jsonOf(rule);
  if (file === undefined) throw new Refusal("invalid", "请给出规则文件，或 --rule JSON。");
  return parseAudience(file, textOf(file));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const expected = isMissing
      ? "a file that exists"
      : `a file that can be read (${(error as Error).message})`;
    throw new Refusal("invalid", "规则文件读不了。", [{ where: file, expected }]);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid", "不是 JSON。", [{ where: "--rule", value: text, expected: "JSON" }]);
  }
}
