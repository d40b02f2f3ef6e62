// guidepost sync, welcome, transfer: keeping in step with WeCom.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { ContactService } from "../contacts/service.js";
import type { SyncProgress } from "../contacts/sync.js";
import { Refusal } from "../kernel/refusals.js";
import type { Services } from "../wire.js";
import { print, tell, withServices } from "./open.js";

/** Runs a command over the directory. Raises `unsupported` where the channel has none. */
export function withContacts<T>(
  work: (contacts: ContactService, services: Services) => Promise<T>,
): Promise<T> {
  return withServices((services) => {
    if (!services.contacts)
      throw new Refusal("unsupported", "当前渠道没有企业微信通讯录；请设 WECOM_CORPID 等，见 README。");
    return work(services.contacts, services);
  });
}

/** Adds the commands on keeping in step. */
export function addContactCommands(program: Command): void {
  addSyncCommands(program);
  addWelcomeCommands(program);
  addTransferCommands(program);
}

interface RunOptions {
  trigger?: boolean;
  endAll?: boolean;
  json?: boolean;
}

function addSyncCommands(program: Command): void {
  const sync = program.command("sync").description("与企业微信保持一致：成员、客户、备注、标签、活码");
  sync
    .command("run")
    .description("现在全部核对一遍（每晚自动进行）")
    .option("--trigger", "到今天为止的日期也可以触发任务；第一次同步默认不触发，以后默认触发")
    .option("--no-trigger", "到今天为止的日期不触发任务")
    .option("--end-all", "企业微信里没有的好友关系一律结束，多少都算")
    .option("--json", "JSON")
    .action((options: RunOptions) => run(options));
  sync
    .command("status")
    .description("上一次核对的结果")
    .option("--json", "JSON")
    .action(({ json }: { json?: boolean }) => withContacts((contacts) => status(contacts, json ?? false)));
  sync
    .command("remark <guide> <customer> <words>")
    .description("修改导购对客户的备注，企业微信里同时修改")
    .action((guide: string, customer: string, words: string) =>
      withContacts(async (contacts) => {
        await contacts.remark(guide, customer, words, "system");
        print("已修改。");
      }),
    );
  addTagCommands(sync);
}

function addTagCommands(sync: Command): void {
  sync
    .command("tag <name>")
    .description("让导购在企业微信里看到这个标签（之后每晚同步）；--remove 不再同步")
    .option("--remove", "不再同步")
    .action((name: string, { remove }: { remove?: boolean }) =>
      withContacts(async ({ tags }) => {
        if (remove) await tags.remove(name, "system");
        else await tags.add(name, "system");
        const { marked, failed } = await tags.push();
        print(`${marked} 位客户的标签已更新${failed > 0 ? `，${failed} 位没有成功，下次再试` : ""}。`);
      }),
    );
  sync
    .command("tags")
    .description("同步到企业微信的标签")
    .option("--json", "JSON")
    .action(({ json }: { json?: boolean }) =>
      withContacts(async ({ tags }) => {
        const lines = await tags.list();
        if (json) print(JSON.stringify({ tags: lines }, null, 2));
        else
          print(lines.map(({ name, error }) => (error ? `${name}  ${error}` : name)).join("\n") || "没有。");
      }),
    );
}

async function run({ trigger, endAll = false, json }: RunOptions): Promise<void> {
  await withContacts(async (contacts) => {
    const way = { endAll, progress: progressLine(), ...(trigger === undefined ? {} : { trigger }) };
    const done = await contacts.syncNow(way, "system");
    if (process.stderr.isTTY) tell("");
    if (json) print(JSON.stringify(done, null, 2));
    else {
      print(
        `成员 ${done.members}（新增导购 ${done.newGuides}，离职 ${done.leavers}），企业标签 ${done.tags} 个有变化`,
      );
      print(
        `好友关系 ${done.contacts}：新客户 ${done.newCustomers}，更新 ${done.changed}，结束 ${done.ended}`,
      );
      const { made, changed, failed } = done.ways;
      print(`活码：新建 ${made}，更新 ${changed}，失败 ${failed}；打标签 ${done.marked.marked}`);
    }
    if (done.doubted > 0)
      tell(`企业微信里少了 ${done.doubted} 个好友关系，多得不可信，没有结束；确认后用 sync run --end-all`);
    for (const { guides, why } of done.failed) tell(`没有读到 ${guides.join("、")}：${why}`);
    if (done.failed.length > 0) process.exitCode = 1;
  });
}

/** One line that is written over on a terminal; elsewhere a line now and then. */
function progressLine(): (progress: SyncProgress) => void {
  let said = -1;
  return ({ guides, of, contacts }) => {
    const share = Math.floor((10 * guides) / Math.max(of, 1));
    const line = `导购 ${guides}/${of}，好友关系 ${contacts}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    else if (share > said) tell(line);
    said = share;
  };
}

async function status(contacts: ContactService, json: boolean): Promise<void> {
  const { last } = await contacts.standing();
  if (json) return print(JSON.stringify({ last }, null, 2));
  if (!last) return print("还没有核对过。");
  const { at, contacts: seen, newCustomers, changed, ended, doubted } = last;
  print(
    `${new Date(at).toISOString()}：好友关系 ${seen}，新客户 ${newCustomers}，更新 ${changed}，结束 ${ended}`,
  );
  if (doubted > 0) print(`存疑而未结束 ${doubted}`);
}

function addWelcomeCommands(program: Command): void {
  const welcome = program
    .command("welcome")
    .description("欢迎语：新客户加好友后 20 秒内自动发送，按活码选择");
  welcome
    .command("set <scope> [words]")
    .description(
      "scope：default、campaign:活动、state:渠道参数；变量 {{customer.name}} {{guide.name}} {{store.name}} {{campaign}}",
    )
    .option("--file <file>", "从文件读取")
    .action((scope: string, words: string | undefined, { file }: { file?: string }) =>
      withContacts(async (contacts) => {
        await contacts.welcome.set(scope, file ? readFileSync(file, "utf8") : (words ?? ""), "system");
        print("已保存。");
      }),
    );
  welcome
    .command("remove <scope>")
    .description("去掉一条欢迎语")
    .action((scope: string) =>
      withContacts(async (contacts) => {
        await contacts.welcome.remove(scope, "system");
        print("已去掉。");
      }),
    );
  welcome
    .command("list")
    .description("欢迎语，和最近发送的结果")
    .option("--json", "JSON")
    .action(({ json }: { json?: boolean }) =>
      withContacts(async (contacts) => {
        const [words, latest] = [await contacts.welcome.list(), await contacts.welcome.log(20)];
        if (json) return print(JSON.stringify({ words, latest }, null, 2));
        print(words.map((one) => `${one.scope}\n  ${one.words}`).join("\n") || "还没有欢迎语。");
        for (const one of latest)
          print(`${one.customer}  ${one.guide}  ${one.result}${one.error ? `  ${one.error}` : ""}`);
      }),
    );
}

interface StartOptions {
  from: string;
  to: string;
  customer?: string[];
  message?: string;
}

function addTransferCommands(program: Command): void {
  const transfer = program
    .command("transfer")
    .description("在企业微信里交接客户：在职转接或离职继承，次日生效");
  transfer
    .command("start")
    .description("发起交接")
    .requiredOption("--from <guide>", "原导购账号")
    .requiredOption("--to <guide>", "接替的导购账号")
    .option("--customer <id...>", "只交接这些客户；默认原导购的全部客户")
    .option("--message <words>", "在职转接成功后客户看到的话")
    .action(({ customer, ...ask }: StartOptions) =>
      withContacts(async ({ transfers }) => {
        const more = customer ? { customers: customer } : {};
        print(`${await transfers.start({ ...ask, ...more, by: "system" })} 位客户的交接已发起。`);
        for (const { customer: id, error } of await transfers.list()) if (error) tell(`${id}：${error}`);
      }),
    );
  transfer
    .command("list")
    .description("没有完成的交接；--all 也列出完成的")
    .option("--all", "也列出完成的")
    .option("--json", "JSON")
    .action(({ all, json }: { all?: boolean; json?: boolean }) =>
      withContacts(async ({ transfers }) => {
        const lines = await transfers.list(all ?? false);
        if (json) return print(JSON.stringify({ transfers: lines }, null, 2));
        const said = lines.map((one) => `${one.customer}  ${one.from} → ${one.to}  ${STATES[one.state]}`);
        print(said.join("\n") || "没有。");
      }),
    );
}

const STATES = {
  ...{ asked: "待发起", calling: "发起中", waiting: "等待生效", done: "已完成" },
  ...{ refused: "客户拒绝", full: "接替导购好友已满", failed: "失败" },
} as const;
