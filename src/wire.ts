// The composition root: the only file that knows every service, and joins what runs against the order of the slices.
import { randomBytes } from "node:crypto";
import type { ReplyWordService } from "./channels/reply-words.js";
import type { Puppet } from "./channels/wechaty/bot-options.js";
import type { WecomPages } from "./channels/wecom/pages.js";
import type { ContactService } from "./contacts/service.js";
import { type CustomerDesk, customerDesk } from "./customers/desk.js";
import type { ImportService } from "./customers/imports/service.js";
import { fillPhoneIndex, type PhonesFilled } from "./customers/phone-filling.js";
import { type CustomerService, customerService } from "./customers/service.js";
import type { DemoDoor } from "./identity/routes.js";
import { freshState } from "./identity/secrets.js";
import { type IdentityService, identityService } from "./identity/service.js";
import { type Config, secretKey } from "./infra/config.js";
import type { Logger } from "./infra/log.js";
import { localQueue, sharedQueue } from "./infra/queue.js";
import type { Store } from "./infra/store.js";
import type { World } from "./kernel/world.js";
import { type ModelService, modelService } from "./models/service.js";
import { loadSeeds, type Seeds } from "./org/calendar-seeds.js";
import { type CalendarService, calendarService } from "./org/calendar-service.js";
import { type LeaveService, leaveService } from "./org/leave-service.js";
import type { BehaviourRead } from "./reports/behaviour/reading.js";
import { type BehaviourService, behaviourService } from "./reports/behaviour/service.js";
import type { ExperimentService } from "./reports/experiments/service.js";
import type { ReportService } from "./reports/service.js";
import { cancelAnswered } from "./tasks/asked.js";
import type { ExplainService } from "./tasks/explain/service.js";
import { type ForecastService, forecastService } from "./tasks/forecast/service.js";
import { type Planned, planner } from "./tasks/planner.js";
import type { TaskService } from "./tasks/service.js";
import { type AudienceWork, audienceWork } from "./wire/audiences.js";
import { channelOf } from "./wire/channels.js";
import { contactWork, directoryTo } from "./wire/contacts.js";
import { eventsTo, type Hearers } from "./wire/events.js";
import { importWork } from "./wire/imports.js";
import { type JourneyWork, journeyWork } from "./wire/journeys.js";
import { type LifecycleWork, lifecycleWork } from "./wire/lifecycle.js";
import { readStatistics } from "./wire/limit-passes.js";
import { chatClient, memberLogin } from "./wire/logins.js";
import { type OneoffWork, oneoffWork } from "./wire/oneoffs.js";
import { type OperationsWork, operationsWork } from "./wire/operations.js";
import { type Passes, passesOf } from "./wire/passes.js";
import type { AppBase, RouterParts } from "./wire/routers.js";
import { type TaskWork, taskWork } from "./wire/tasks.js";

export interface WireParts {
  config: Config;
  world: World;
  log: Logger;
  store: Store;
  demo?: DemoDoor | undefined;
  /** the clock people sign in by, where `world` is not the machine's */
  wall?: World;
  /** fresh ones, of the wechaty channel; other channels need none */
  puppets?: (() => Puppet) | undefined;
}

/** Everything the product can do, joined. */
export interface Services extends LifecycleWork, JourneyWork, AudienceWork, OneoffWork, OperationsWork {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  identity: IdentityService;
  calendar: CalendarService;
  leaves: LeaveService;
  customers: CustomerService;
  customerDesk: CustomerDesk;
  /** gives numbers stored before there was an index the one they are found by; `anew`: all of them */
  fillPhones(anew?: boolean): Promise<PhonesFilled>;
  imports: ImportService;
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
  /** logs the channel in, where that is its way */
  startChannel(): Promise<void>;
  /** what http.ts serves, loaded when first asked for: commands and timed jobs need no pages */
  app(): Promise<AppBase>;
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
  const forecasts = forecastService({ setup: work.setup, calendarOn: calendarWith(seeds) });
  const imports = importsOf(parts, key, work);
  const { inbox, statistics, pages } = wired;
  const operations = operationsWork({ ...parts, work, wired });
  const shared = { ...known, ...lifecycle, ...oneoffs, contacts, imports, inbox, ...doorsOf(parts, pages) };
  const { tasks, reports, experiments, explain, replyWords } = work;
  const behaviour = behaviourService({ store });
  const joined = { audiences, work, forecasts, behaviour, operations };
  return {
    ...{ config, store, world, log, ...shared, ...journeys, ...audiences, ...operations },
    ...{ tasks, reports, experiments, explain, replyWords, forecasts, behaviour },
    readBehaviour: () => readStatistics({ setup: work.setup, statistics }),
    passes: passesOf({
      ...{ statistics, tellGaps: wired.tellGaps, replyWindowHours: config.reply_window_hours },
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
    startChannel: wired.start,
    app: appFrom({ ...parts, ...shared, ...joined, hasStatistics: !!statistics }),
    close: async () => {
      await wired.queue.close();
      await wired.close();
    },
  };
}

function appFrom(parts: RouterParts): () => Promise<AppBase> {
  let made: Promise<AppBase> | undefined;
  const make = async () => (await import("./wire/routers.js")).appOf(parts);
  return () => {
    made ??= make();
    return made;
  };
}

function calendarWith(seeds: Seeds) {
  return (store: Store) => calendarService({ store, seeds });
}

function importsOf({ store, world, config }: WireParts, key: Buffer, { setup, messages }: TaskWork) {
  const afterwards = async () => {
    await cancelAnswered(setup);
    await messages.takeIn();
  };
  return importWork({ store, world, config, key, afterwards });
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
    identity: identityService({ store, world: parts.wall ?? world, zone, key }),
    customers: customerService({ store, world, zone, secretKey: key }),
    customerDesk: customerDesk({ store, world, secretKey: key }),
    fillPhones: (anew?: boolean) => fillPhoneIndex(store, key, anew),
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
    onKnown: async (externalUserids) => hearers.now?.messages.takeIn(externalUserids),
  });
  contactsHear.now = contacts;
  const work = taskWork({ ...parts, ...slices, key, channel: wired.channel, publicUrl });
  hearers.now = { ...work, customers: slices.customers };
  return { wired: { ...wired, queue }, work, contacts };
}
