// guidepost contact-way: codes by which customers come, one per campaign and store.
import type { Command } from "commander";
import type { WayLine } from "../contacts/ways.js";
import { withContacts } from "./contacts.js";
import { print, tell } from "./open.js";

/** Adds the commands on codes. */
export function addContactWayCommands(program: Command): void {
  const way = program.command("contact-way").description("渠道活码：每个活动每家门店一个，扫码加该店导购");
  way
    .command("add <campaign>")
    .description("为活动建活码；已有的不动")
    .option("--store <code...>", "门店编码；默认所有门店")
    .option("--json", "JSON")
    .action((campaign: string, { store, json }: { store?: string[]; json?: boolean }) =>
      withContacts(async ({ ways }) => {
        const { made, failed } = await ways.add(campaign, store, "system");
        if (!json) tell(`新建 ${made}${failed > 0 ? `，失败 ${failed}，每晚再试` : ""}`);
        show(await ways.list(campaign), json ?? false);
        if (failed > 0) process.exitCode = 1;
      }),
    );
  way
    .command("list [campaign]")
    .description("活码、渠道参数、带来的客户数")
    .option("--json", "JSON")
    .action((campaign: string | undefined, { json }: { json?: boolean }) =>
      withContacts(async ({ ways }) => show(await ways.list(campaign), json ?? false)),
    );
  way
    .command("remove <campaign>")
    .description("收回活动的活码，扫了不再有效")
    .option("--store <code>", "只收回这家门店的")
    .action((campaign: string, { store }: { store?: string }) =>
      withContacts(async ({ ways }) =>
        print(`收回 ${await ways.remove(campaign, store, "system")} 个活码。`),
      ),
    );
}

function show(lines: readonly WayLine[], json: boolean): void {
  if (json) {
    print(JSON.stringify({ ways: lines }, null, 2));
    return;
  }
  const said = lines.map(
    ({ campaign, store, storeName, state, customers, picture, error }) =>
      `${campaign}  ${storeName}（${store}）  ${state}  ${customers} 位客户  ${picture ?? error ?? "待建"}`,
  );
  print(said.join("\n") || "没有活码。");
}
