// The composition root: the only file that knows every service, and joins what runs against the order of the slices.
import { randomBytes } from "node:crypto";
import type { ReplyWordService } from "./channels/reply-words.js";
import type { Puppet } from "./channels/wechaty/bot-options.js";
import type { WecomPages } from "./channels/wecom/pages.js";
import type { ContactService } from "./contacts/service.js";
import { type CustomerService, customerService } from "./customers/service.js";
import type { DemoLogin } from "./identity/routes.js";
import { freshState } from "./identity/secrets.js";
import { type IdentityService, identityService } from "./identity/service.js";
import { type Config, secretKey } from "./infra/config.js";
import type { Logger } from "./infra/log.js";
import { localQueue, sharedQueue } from "./infra/queue.js";
import type { Store } from "./infra/store.js";
import type { World } from "./kernel/world.js";
import { type ModelService, modelService } from "./models/service.js";
import { loadSeeds } from "./org/calendar-seeds.js";
import { type CalendarService, calendarService } from "./org/calendar-service.js";
import { type LeaveService, leaveService } from "./org/leave-service.js";
import type { BehaviourRead } from "./reports/behaviour/reading.js";
import { type BehaviourService, behaviourService } from "./reports/behaviour/service.js";
import type { ExperimentService } from "./reports/experiments/service.js";
import type { ReportService } from "./reports/service.js";
import type { ExplainService } from "./tasks/explain/service.js";
import { type ForecastService, forecastService } from "./tasks/forecast/service.js";
import { type Halted, resume, stopEverything } from "./tasks/halt.js";
import { type Planned, planner } from "./tasks/planner.js";
import type { TaskService } from "./tasks/service.js";
import { type AudienceWork, audienceWork } from "./wire/audiences.js";
import { channelOf } from "./wire/channels.js";
import { contactWork, directoryTo } from "./wire/contacts.js";
import { eventsTo, type Hearers } from "./wire/events.js";
import { type JourneyWork, journeyWork } from "./wire/journeys.js";
import { type LifecycleWork, lifecycleWork } from "./wire/lifecycle.js";
import { readStatistics } from "./wire/limit-passes.js";
import { chatClient, memberLogin } from "./wire/logins.js";
import { type OneoffWork, oneoffWork } from "./wire/oneoffs.js";
import { type Passes, passesOf } from "./wire/passes.js";
import { type AppBase, appOf } from "./wire/routers.js";
import { taskWork } from "./wire/tasks.js";

export interface WireParts {
  config: Config;
  world: World;
  log: Logger;
  store: Store;
  /** shown on the sign-in page; the demo's */
  demoLogins?: readonly DemoLogin[];
  /** fresh ones, of the wechaty channel; other channels need none */
  puppets?: (() => Puppet) | undefined;
}

/** Everything the product can do, joined. */
export interface Services extends LifecycleWork, JourneyWork, AudienceWork, OneoffWork {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  identity: IdentityService;
  calendar: CalendarService;
  leaves: LeaveService;
  customers: CustomerService;
  /** undefined: the channel knows no directory */
  contacts: ContactService | undefined;
  models: ModelService;
  tasks: TaskService;
  reports: ReportService;
  experiments: ExperimentService;
  explain: ExplainService;
  replyWords: ReplyWordService;
  forecasts: ForecastService;
  passes: Passes;
  /** the chat system's own figures of guides */
  behaviour: BehaviourService;
  /** reads those not final yet; undefined where the chat system has none */
  readBehaviour(): Promise<BehaviourRead | undefined>;
  planByHand(span: { from: string; to: string; dryRun: boolean }): Promise<Planned>;
  stopEverything(by: string): Promise<Halted>;
  resume(by: string): Promise<boolean>;
  /** logs the channel in, where that is its way */
  startChannel(): Promise<void>;
  app: AppBase;
  close(): Promise<void>;
}

/** Joins everything over one database. Nothing runs by itself: the timed jobs and the http app are for the caller. */
export function wire(parts: WireParts): Services {
  const { config, world, log, store } = parts;
  const zone = config.zone;
  const key = secretKey(config, () => randomBytes(32).toString("hex"));
  const slices = slicesOf(parts, key);
  const { wired, work, contacts } = conversationOf(parts, key, slices);
  const { journeys, ...basis } = slices;
  const { seeds, audiences, ...known } = basis;
  const plan = planner({ store, world, zone });
  const lifecycle = lifecycleWork(journeys, work.setup);
  const planned = { store, world, zone, work: journeys, planner: plan, setState: lifecycle.setJourneyState };
  const oneoffs = oneoffWork(planned);
  const calendarOn = (apart: Store) => calendarService({ store: apart, seeds });
  const forecasts = forecastService({ setup: work.setup, calendarOn });
  const { inbox, statistics, pages } = wired;
  const shared = { ...known, ...lifecycle, ...oneoffs, contacts, inbox, ...doorsOf(parts, pages) };
  const { tasks, reports, experiments, explain, replyWords } = work;
  const behaviour = behaviourService({ store });
  return {
    ...{ config, store, world, log, ...known, ...journeys, ...audiences, ...lifecycle, ...oneoffs },
    ...{ contacts, tasks, reports, experiments, explain, replyWords, forecasts, behaviour },
    readBehaviour: () => readStatistics({ setup: work.setup, statistics }),
    passes: passesOf({
      ...{ statistics, replyWindowHours: config.reply_window_hours },
      ...work,
      ...audiences,
      ...shared,
      planner: plan,
      publishBuiltIn: journeys.publishBuiltIn,
    }),
    planByHand: async (span) => {
      for (const day of [span.from, span.to]) await known.calendar.ensure(day);
      if (!span.dryRun) await audiences.tagging.changed();
      return plan.planByHand(span);
    },
    stopEverything: (by) => stopEverything(work.setup, by),
    resume: (by) => resume(work.setup, by),
    startChannel: wired.start,
    app: appOf({ ...parts, ...shared, audiences, work, forecasts, behaviour, hasStatistics: !!statistics }),
    close: async () => {
      await wired.queue.close();
      await wired.close();
    },
  };
}

/** How the chat system lets people in and serves our pages in its own browser. */
function doorsOf({ config, log }: WireParts, pages: WecomPages | undefined) {
  if (!pages) return { login: undefined, client: undefined };
  const logins = { pages, log, fresh: freshState };
  return { login: memberLogin(logins), client: chatClient(logins, config) };
}

/** What stands on the database alone. */
function slicesOf(parts: WireParts, key: Buffer) {
  const { config, world, store } = parts;
  const zone = config.zone;
  const seeds = loadSeeds();
  const calendar = calendarService({ store, seeds });
  return {
    ...{ seeds, calendar, leaves: leaveService({ store, world, zone }) },
    identity: identityService({ store, world, zone, key }),
    customers: customerService({ store, world, zone, secretKey: key }),
    models: modelService({ store, world, zone }),
    journeys: journeyWork({ ...parts, calendar }),
    audiences: audienceWork({ store, world, zone }),
  };
}

/** The chat system and the work on tasks: each hears the other. */
function conversationOf(parts: WireParts, key: Buffer, slices: ReturnType<typeof slicesOf>) {
  const { config, log } = parts;
  const publicUrl = config.public_url || `http://localhost:${config.port}`;
  const queue = config.redis_url ? sharedQueue(config.redis_url, log) : localQueue(log);
  const hearers: { now?: Hearers } = {};
  const contactsHear: { now?: ContactService | undefined } = {};
  const hearing = directoryTo(() => contactsHear.now);
  const wired = channelOf({ ...parts, events: eventsTo(() => hearers.now as Hearers), hearing, queue });
  const contacts = contactWork({
    ...parts,
    directory: wired.directory,
    claims: slices.journeys.claims,
  });
  contactsHear.now = contacts;
  const work = taskWork({ ...parts, ...slices, key, channel: wired.channel, publicUrl });
  hearers.now = { ...work, customers: slices.customers };
  return { wired: { ...wired, queue }, work, contacts };
}
