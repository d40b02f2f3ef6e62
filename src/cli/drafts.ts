// guidepost journey draft, publish, discard, list, show, pause, resume, archive.
import { resolve } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { journeySource } from "../journeys/folder.js";
import { journeyOverviews } from "../journeys/overviews.js";
import { sayCounts } from "../journeys/publish-counts.js";
import type { JourneyState } from "../journeys/queries.js";
import { shopDayOf } from "../kernel/calendar.js";
import { print, tell, withServices } from "./open.js";
import { type PublishOptions, publishSeen } from "./publishing.js";

/** Adds what stands below `journey` besides files. */
export function addDraftCommands(journey: Command): void {
  journey
    .command("draft <file>")
    .description("把一个旅程文件存为草稿，并说明发布后会怎样；每个旅程只有一份草稿")
    .action((file: string) => draft(file));
  journey
    .command("publish <key>")
    .description("发布草稿；改动正在运行的旅程会先显示数目")
    .option("--yes", "确认改动正在运行的旅程")
    .option("--also-inside-grace", "新的和改动的触点，宽限期内已到期的也生成；默认只从今天开始")
    .action((key: string, options: PublishOptions) => publish(key, options));
  journey
    .command("discard <key>")
    .description("丢弃草稿")
    .action((key: string) =>
      withServices(async ({ drafts }) =>
        print((await drafts.discard(key, "system")) ? "草稿已丢弃。" : "没有草稿。"),
      ),
    );
  journey
    .command("list")
    .description("有哪些旅程")
    .option("--json", "JSON")
    .action((options: { json?: boolean }) => list(options));
  journey
    .command("show <key>")
    .description("一个旅程的现行版本；--draft 看草稿")
    .option("--draft", "草稿")
    .option("--json", "JSON，现行版本、草稿和历史都在")
    .action((key: string, options: ShowOptions) => show(key, options));
  addStateCommands(journey);
}

function addStateCommands(journey: Command): void {
  const words: [word: string, to: JourneyState, description: string][] = [
    ["pause", "paused", "暂停：不再放行和发送，收回未确认的；到期的照常生成，等恢复"],
    ["resume", "live", "恢复：仍在宽限期内的按每日上限放行，已过的记为旅程已暂停"],
    ["archive", "archived", "归档：不再生成，未完成的取消；历史和报表都保留，可以重新发布"],
  ];
  for (const [word, to, description] of words)
    journey
      .command(`${word} <key>`)
      .description(description)
      .action((key: string) => setState(key, to));
}

async function draft(file: string): Promise<void> {
  await withServices(async ({ drafts }) => {
    const key = await drafts.saveFile(journeySource(resolve(file)), "system");
    const { differs, counts, lines, warnings } = await drafts.preview(key, false);
    for (const warning of warnings) tell(warning);
    print(`旅程 ${key} 的草稿已保存。`);
    if (!differs) print("与现行版本没有不同。");
    else print([sayCounts(counts), ...lines.map((line) => `- ${line}`)].join("\n"));
  });
}

async function publish(key: string, options: PublishOptions): Promise<void> {
  await withServices(({ drafts }) =>
    publishSeen(options, {
      preview: (insideGrace) => drafts.preview(key, insideGrace),
      publish: (how) => drafts.publish(key, how),
    }),
  );
}

async function list({ json = false }: { json?: boolean }): Promise<void> {
  await withServices(async ({ store, config }) => {
    const journeys = await journeyOverviews(store.read);
    if (json) {
      print(JSON.stringify({ journeys }));
      return;
    }
    for (const { key, name, stateName, version, publishedAt, touchpoints } of journeys) {
      const on = publishedAt === null ? "" : `，${shopDayOf(publishedAt, config.zone)} 发布`;
      print(`${key}\t${name}\t${stateName}\t第 ${version ?? "—"} 版${on}\t${touchpoints.length} 个触点`);
    }
    if (journeys.length === 0) print("还没有旅程。");
  });
}

interface ShowOptions {
  draft?: boolean;
  json?: boolean;
}

async function show(key: string, { draft: isDraft = false, json = false }: ShowOptions): Promise<void> {
  await withServices(async ({ drafts }) => {
    const journey = await drafts.show(key);
    const shown = isDraft ? journey.draft?.data : journey.live;
    if (json) print(JSON.stringify(journey));
    else if (shown) print(stringify(shown, { lineWidth: 0 }));
    else print(isDraft ? "没有草稿。" : "还没有发布过，只有草稿：请加 --draft。");
  });
}

const SO_ALREADY: Record<JourneyState, string> = {
  live: "没有暂停，正在运行",
  paused: "早已暂停",
  archived: "早已归档",
};

async function setState(key: string, to: JourneyState): Promise<void> {
  await withServices(async ({ setJourneyState }) => {
    const { changed, kept, cancelled, left, ended } = await setJourneyState(key, to, "system");
    const still = left > 0 ? `，${left} 个还在收回` : "";
    if (!changed) print(`旅程 ${key} ${SO_ALREADY[to]}${still}。`);
    else if (to === "paused") print(`旅程 ${key} 已暂停：收回 ${kept} 个任务${still}。`);
    else if (to === "archived") print(`旅程 ${key} 已归档：取消 ${cancelled} 个任务${still}。`);
    else print(`旅程 ${key} 已恢复：${ended} 个任务已过宽限期，其余按每日上限放行。`);
  });
}
