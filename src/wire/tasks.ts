// Tasks joined: the setup every pass stands on, with the conversation, the message log, credit and figures around it.
import { join } from "node:path";
import { type IntakeService, intakeService } from "../channels/intake.js";
import { type MessageService, messageService } from "../channels/messages.js";
import type { Channel } from "../channels/port.js";
import { type ReplyWordService, replyWordService } from "../channels/reply-words.js";
import { erasedAmong } from "../customers/known-ids.js";
import type { CustomerService } from "../customers/service.js";
import { recordChange } from "../identity/audit.js";
import { linkPath } from "../identity/routes.js";
import type { IdentityService } from "../identity/service.js";
import type { Viewer } from "../identity/viewer.js";
import { type Config, projectRoot } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import { decrypt } from "../infra/secrets.js";
import type { Store } from "../infra/store.js";
import { pageRenderer } from "../infra/templates-pages.js";
import { addDays, instantOf, type ShopDay } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { type ExperimentService, experimentService } from "../reports/experiments/service.js";
import { refreshMarked } from "../reports/refresh.js";
import { type ReportService, reportService } from "../reports/service.js";
import type { UrgeWhich } from "../tasks/behind.js";
import { type ChatService, chatService } from "../tasks/chat.js";
import { chatTexts } from "../tasks/chat-texts.js";
import { type ExplainService, explainService } from "../tasks/explain/service.js";
import { listCard } from "../tasks/list-card.js";
import { nudgeDue } from "../tasks/nudging.js";
import { provePages } from "../tasks/page-proof.js";
import { type ReplyService, replyService } from "../tasks/replies.js";
import { type Sender, senderOf } from "../tasks/sending.js";
import { type TaskService, taskService } from "../tasks/service.js";
import type { TaskSetup } from "../tasks/setup.js";
import { type UrgentService, urgentService } from "../tasks/urgent-service.js";
import { type Urged, urging } from "../tasks/urging.js";
import { tellEvenings } from "./evening.js";
import type { JourneyWork } from "./journeys.js";
import { managerReport } from "./manager-report.js";
import { type TellToday, tellToday } from "./team-chat.js";
import { tellWeeks } from "./weekly.js";

export interface TaskWorkParts {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  key: Buffer;
  identity: IdentityService;
  customers: CustomerService;
  journeys: JourneyWork;
  channel: Channel;
  publicUrl: string;
}

/** What tasks need and give. */
export interface TaskWork {
  setup: TaskSetup;
  tasks: TaskService;
  sender: Sender;
  replies: ReplyService;
  urgent: UrgentService;
  replyWords: ReplyWordService;
  messages: MessageService;
  intake: IntakeService;
  reports: ReportService;
  experiments: ExperimentService;
  chat: ChatService;
  explain: ExplainService;
  /** reminds guides for a manager */
  urge(viewer: Viewer, which: UrgeWhich): Promise<Urged>;
  /** today's picture, to a manager's own chat */
  tellToday: TellToday;
  /** the afternoon's; gives how many guides were told */
  nudge(): Promise<number>;
  /** the evening's; gives how many managers were told */
  tellEvenings(): Promise<number>;
  /** Monday's; gives how many managers were told */
  tellWeeks(): Promise<number>;
}

const HOUR = 3_600_000;

/** Everything around the life of a task, over one channel. */
export function taskWork(parts: TaskWorkParts): TaskWork {
  const { config, store, world, log, channel } = parts;
  const zone = config.zone;
  const replies = replyService({ store, windowMs: config.reply_window_hours * HOUR, log });
  const cards = pageRenderer(join(projectRoot, "templates/cards"));
  const setup = setupOf(parts, { cards: listCard(cards), onDelivered: () => replies.settle() });
  const { publishBuiltIn } = parts.journeys;
  const urgent = urgentService({ setup, cards, publishBuiltIn });
  const replyWords = replyWordService({ store, world, record: recordChange });
  const onMessages = async () => {
    await provePages(setup);
    await replies.settleQuietly();
    await urgent.work();
  };
  const erased = (externalUserids: readonly string[]) => erasedAmong(store.read, externalUserids);
  const messages = messageService({ store, zone, log, rules: replyWords.rules, erased, onMessages });
  const replyWindowHours = config.reply_window_hours;
  const reports = reportService({ store, world, replyWindowHours });
  const tasks = taskService(setup);
  const figuresOf = guideFigures({ store, zone, reports });
  const report = managerReport({ store, reports, zone });
  const { urge, urgeInWords } = urging({ store, world, zone, channel, log });
  const talk = { store, world, zone, log, channel, tasks, cards, figuresOf, report };
  const chat = chatService({ ...talk, urge: urgeInWords });
  const sender = senderOf(setup);
  const telling = { store, world, config, log, channel, reports, cards };
  return {
    ...{ setup, tasks, sender, replies, urgent, replyWords, messages },
    intake: intakeService({ store, world, messages }),
    reports,
    experiments: experimentService({ store, world, zone, replyWindowHours }),
    chat,
    explain: explainService({ store, world, zone }),
    nudge: () => nudgeDue(setup, chatTexts(cards, zone)),
    ...{ urge, tellToday: tellToday(telling) },
    tellEvenings: () => tellEvenings(telling),
    tellWeeks: () => tellWeeks({ ...telling, publicUrl: parts.publicUrl }),
  };
}

/** What a guide asks of their own days in chat. */
function guideFigures({ store, zone, reports }: { store: Store; zone: string; reports: ReportService }) {
  return async (guideId: number, from: ShopDay, to: ShopDay) => {
    await refreshMarked({ store, zone });
    const viewer = { accountId: 0, role: "guide", name: "", guideId, storeId: null, regionId: null } as const;
    return (await reports.report(viewer, { from, to, by: "day" })).total;
  };
}

/** Only WeCom limits what customers receive of mass messages. */
function withoutReceiveLimit({ receive_limit: _none, ...config }: Config): TaskSetup["config"] {
  return config;
}

function setupOf(
  { config, store, world, log, key, identity, customers, journeys, channel, publicUrl }: TaskWorkParts,
  { cards, onDelivered }: { cards: TaskSetup["listCard"]; onDelivered: () => Promise<unknown> },
): TaskSetup {
  return {
    ...{ store, world, log, onDelivered },
    config: channel.guideMasses ? config : withoutReceiveLimit(config),
    channels: { tell: channel, mass: channel, bot: channel },
    touchpoint: journeys.words.touchpoint,
    claims: journeys.claims,
    openPhone: (cipher) => decrypt(key, cipher),
    // Good until the next morning: cards are opened late in the evening too.
    listUrl: (guideId, day) =>
      publicUrl + linkPath(identity.linkFor(guideId, instantOf(addDays(day, 1), "06:00", config.zone))),
    listCard: cards,
    supplyFact: ({ customerId, childNo, field, value }) =>
      customers.supply({ customerId, childNo, field, value }),
  };
}
