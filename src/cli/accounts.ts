// guidepost account: who may sign in, as what; the same as the page of people does.
import { type Command, Option } from "commander";
import { type Role, roles } from "../identity/viewer.js";
import { Refusal } from "../kernel/refusals.js";
import { loadTree } from "../org/queries.js";
import { readPlace } from "../reports/within.js";
import type { Services } from "../wire.js";
import { print, withServices } from "./open.js";

interface AccountOptions {
  role: Role;
  name?: string;
  at?: string;
}

/** Adds the commands on accounts. */
export function addAccountCommands(program: Command): void {
  const account = program.command("account").description("登录账号");
  account
    .command("add <login>")
    .description("新账号；密码现在生成，只显示这一次")
    .addOption(new Option("--role <role>", "角色").choices([...roles]).makeOptionMandatory())
    .option("--name <name>", "姓名")
    .option("--at <node>", "区域（华东/上海市）、门店编码或导购账号；总部不需要")
    .action((login: string, options: AccountOptions) => addAccount(login, options));
  account
    .command("list [search]")
    .description("有哪些账号；或登录名、姓名、企业微信账号里有这些字的")
    .action((search?: string) => withServices((services) => list(services, search)));
  account
    .command("reset <login>")
    .description("换一个新密码，只显示这一次；所有登录都失效")
    .action((login: string) =>
      withServices(async (services) => {
        const { people } = services.identity;
        print(`新密码 ${await people.resetPassword(await idOf(services, login), "system")}`);
      }),
    );
  for (const [word, says, disabled] of [
    ["disable", "停用：马上不能再登录", true],
    ["enable", "重新启用", false],
  ] as const)
    account
      .command(`${word} <login>`)
      .description(says)
      .action((login: string) =>
        withServices(async (services) => {
          await services.identity.people.setDisabled(await idOf(services, login), disabled, "system");
          print(`账号 ${login} 已${disabled ? "停用" : "启用"}。`);
        }),
      );
}

async function idOf({ store }: Services, login: string): Promise<number> {
  const row = await store.read.row<{ id: number }>("SELECT id FROM account WHERE login = ?", [
    login.toLowerCase(),
  ]);
  if (!row) throw new Refusal("not_found", `没有账号 ${login}。`);
  return row.id;
}

async function list({ identity }: Services, search: string | undefined): Promise<void> {
  for (let after = 0; ; ) {
    const people = await identity.people.list({ search, after, limit: 500 });
    for (const { login, name, role, place, disabled } of people)
      print([login, name, role, place?.code ?? "", disabled ? "已停用" : ""].join("\t").trimEnd());
    if (people.length < 500) return;
    after = people.at(-1)?.id ?? after;
  }
}

async function addAccount(login: string, { role, name = login, at }: AccountOptions): Promise<void> {
  await withServices(async ({ identity, store }) => {
    const place = at && (await readPlace(store.read, await loadTree(store.read), at));
    const kinds = { hq: undefined, manager: "region", store_manager: "store", guide: "guide" } as const;
    if ((place ? place.kind : undefined) !== kinds[role])
      throw new Refusal("invalid", `角色 ${role} 需要 --at ${kinds[role] ?? "（不填）"}。`);
    const ids = place ? { [`${place.kind}Id`]: place.id } : {};
    const { password } = await identity.people.create({ login, name, role, ...ids }, "system");
    print(`账号 ${login} 已建立，密码 ${password}`);
  });
}
