// The conversation with guides and managers: what they said, done through the task service, and always answered.
import type { Channel, ChannelEvents } from "../channels/port.js";
import type { Viewer } from "../identity/viewer.js";
import type { Logger } from "../infra/log.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { firstOfMonth, type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { type GuideActs, guideActs } from "./chat-acts.js";
import { type ChatPerson, personOf } from "./chat-people.js";
import { type ChatTexts, chatTexts, type GuideFigures } from "./chat-texts.js";
import { type Command, parseCommand } from "./commands.js";
import { keepFreeTalk } from "./free-talk.js";
import { dayMeant } from "./said-days.js";
import type { TaskService } from "./service.js";

export interface ChatDeps {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  log: Pick<Logger, "info" | "warn" | "error">;
  channel: Pick<Channel, "tellGuide">;
  tasks: TaskService;
  /** over templates/cards */
  cards: PageRenderer;
  /** a guide's own figures of these days, both included */
  figuresOf?(guideId: number, from: ShopDay, to: ShopDay): Promise<GuideFigures>;
  /** a day's report in words, of what a viewer may see; `region` "" = all of it. Raises `not_found` for others. */
  report?(viewer: Viewer, asked: { region: string; day: ShopDay }): Promise<string>;
  /** reminds whoever is behind among a viewer's guides, and says in words whom */
  urge?(viewer: Viewer): Promise<string>;
}

/** Hears guides. Both answer through the channel; they reject only when the answer could not be told, to be tried again. */
export type ChatService = Pick<ChannelEvents, "guideSaid" | "guideTapped">;

/** What a tap on a card's button stands for. */
const BUTTONS: Readonly<Record<string, Command>> = {
  list: { kind: "list" },
  help: { kind: "help" },
  figures: { kind: "figures" },
  sendall: { kind: "sendAll" },
};

const STRANGER = "你好，你的账号还不在导购名单里，请联系总部运营开通。";
const FAULT = "抱歉，刚才没处理成功，请稍后再发一次。";

/** The conversation over one channel. */
export function chatService(deps: ChatDeps): ChatService {
  const texts = chatTexts(deps.cards, deps.zone);
  const acts = guideActs({ ...deps, texts });
  const answer = async (userid: string, said: string, at: number, command: Command) => {
    const text = await answerTo(deps, { texts, acts }, { userid, said, at }, command);
    if (!(await deps.channel.tellGuide(userid, { kind: "text", text })))
      deps.log.warn({ userid }, "an answer found nobody");
  };
  return {
    guideSaid: ({ guideUserid, text, at }) => answer(guideUserid, text, at, parseCommand(text)),
    guideTapped: ({ guideUserid, key, at }) =>
      answer(guideUserid, `[按钮 ${key}]`, at, BUTTONS[key] ?? { kind: "unknown" }),
  };
}

interface Parts {
  texts: ChatTexts;
  acts: GuideActs;
}

/** The answer in words. A refusal is an answer; a fault is logged and answered, for silence helps nobody. */
async function answerTo(
  deps: ChatDeps,
  parts: Parts,
  { userid, said, at }: { userid: string; said: string; at: number },
  command: Command,
): Promise<string> {
  const today = shopDayOf(deps.world.now(), deps.zone);
  try {
    const person = await personOf(deps.store.read, userid, today);
    if (!person.guide && !person.manager) return STRANGER;
    if (command.kind === "unknown") return await freeTalk(deps, parts.texts, person, said);
    return await byPerson(deps, parts, person, { command, at }, today);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    deps.log.error({ error, userid, command: command.kind }, "a command could not be carried out");
    return FAULT;
  }
}

/** What is no command is kept for HQ to read, and always answered: with the help at first, then with a line. */
async function freeTalk(
  { store, world, log }: ChatDeps,
  texts: ChatTexts,
  { userid, guide, manager }: ChatPerson,
  said: string,
): Promise<string> {
  const at = world.now();
  const how = await keepFreeTalk(store, { userid, guideId: guide?.id ?? null, at, text: said });
  log.info({ userid, characters: said.length }, "somebody said what is no command");
  const reason = reasonOf(said.trim());
  return how === "help"
    ? texts.help({ guide: guide !== null, manager: manager !== null }, reason)
    : `${reason}回复「帮助」看可以怎么说${guide ? "，回复「任务」看今天的客户" : ""}。`;
}

function reasonOf(said: string): string {
  if (said.startsWith("[按钮")) return "这个按钮已经没用了。";
  return /^\[[^\]]*\]$/.test(said) ? "这里只看得懂文字。" : "没看懂这句话。";
}

async function byPerson(
  deps: ChatDeps,
  { texts, acts }: Parts,
  person: ChatPerson,
  { command, at }: { command: Command; at: number },
  today: ShopDay,
): Promise<string> {
  const { guide, manager } = person;
  const help = (reason = "") => texts.help({ guide: guide !== null, manager: manager !== null }, reason);
  switch (command.kind) {
    case "help":
      return help();
    case "report":
      return manager ? report(deps, manager, command, today) : help("报表是给店长和大区经理看的。");
    case "urge":
      return manager ? urge(deps, manager) : help("催办是店长和大区经理用的。");
    case "figures":
      if (!guide) return manager ? report(deps, manager, { region: "", day: "" }, today) : help();
      return figures(deps, texts, guide, today);
    default:
      return guide ? acts(guide.id, command, at) : help("这个口令是导购用的。");
  }
}

async function report(
  deps: ChatDeps,
  viewer: Viewer,
  asked: { region: string; day: string },
  today: ShopDay,
): Promise<string> {
  if (!deps.report) return "报表暂时看不了，请到电脑端查看。";
  const day = asked.day === "" ? today : dayMeant(asked.day, today, "past");
  if (day === undefined) return `没看懂日期「${asked.day}」，可以写：昨天、3月2日、2026-03-02。`;
  if (day > today) return "这一天还没到。";
  return deps.report(viewer, { region: asked.region, day });
}

function urge(deps: ChatDeps, viewer: Viewer): Promise<string> {
  return deps.urge ? deps.urge(viewer) : Promise.resolve("催办暂时用不了，请到电脑端操作。");
}

async function figures(
  { figuresOf }: ChatDeps,
  texts: ChatTexts,
  guide: { id: number; name: string },
  today: ShopDay,
): Promise<string> {
  if (!figuresOf) return "数据暂时看不了，请打开任务页查看。";
  const month = firstOfMonth(today);
  return texts.figures(guide.name, [
    { label: "今天", figures: await figuresOf(guide.id, today, today) },
    { label: "本月", figures: await figuresOf(guide.id, month, today) },
  ]);
}
