// Every router of the slices behind its doors, and what http.ts needs besides.
import { join } from "node:path";
import { intakePaths } from "../channels/api-paths.js";
import { replyWordPaths, replyWordRoutes } from "../channels/reply-word-routes.js";
import { channelRoutes } from "../channels/routes.js";
import type { WecomInbox } from "../channels/wecom-inbox.js";
import type { AuthoringParts } from "../console/journeys/editor-parts.js";
import { pageNotices } from "../console/notices.js";
import { consolePages } from "../console/pages.js";
import { consoleRouters } from "../console/routers.js";
import { contactPaths } from "../contacts/api-paths.js";
import { contactRoutes } from "../contacts/routes.js";
import type { ContactService } from "../contacts/service.js";
import { customerPaths } from "../customers/api-paths.js";
import type { CustomerDesk } from "../customers/desk.js";
import type { ImportService } from "../customers/imports/service.js";
import { customerRoutes } from "../customers/routes.js";
import type { CustomerService } from "../customers/service.js";
import { type Guard, guardOf, viewerOf } from "../identity/guard.js";
import { type DemoDoor, identityRoutes } from "../identity/routes.js";
import type { IdentityService } from "../identity/service.js";
import { type MemberLogin, wecomRoutes } from "../identity/wecom-routes.js";
import { type Assets, loadAssets } from "../infra/assets.js";
import { type Config, projectRoot } from "../infra/config.js";
import type { Logger } from "../infra/log.js";
import { type Metrics, makeMetrics } from "../infra/metrics.js";
import { type ApiPaths, openApiDocument, openApiRoutes } from "../infra/openapi.js";
import type { Store } from "../infra/store.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import type { Step, Web } from "../infra/web.js";
import { journeyPaths } from "../journeys/api-paths.js";
import { audiencePaths } from "../journeys/audience-paths.js";
import { audienceRoutes } from "../journeys/audience-routes.js";
import type { DraftService } from "../journeys/drafts.js";
import { journeyOverviews } from "../journeys/overviews.js";
import { journeyRoutes } from "../journeys/routes.js";
import type { World } from "../kernel/world.js";
import { modelPaths } from "../models/api-paths.js";
import { modelRoutes } from "../models/routes.js";
import type { ModelService } from "../models/service.js";
import { calendarPaths } from "../org/calendar-paths.js";
import { calendarRoutes } from "../org/calendar-routes.js";
import type { CalendarService } from "../org/calendar-service.js";
import { leavePaths, leaveRoutes } from "../org/leave-routes.js";
import type { LeaveService } from "../org/leave-service.js";
import { reportPaths } from "../reports/api-paths.js";
import { behaviourPaths, behaviourRoutes } from "../reports/behaviour/routes.js";
import type { BehaviourService } from "../reports/behaviour/service.js";
import { experimentPaths, experimentRoutes } from "../reports/experiments/routes.js";
import { reportRoutes } from "../reports/routes.js";
import { savedViewService } from "../reports/saved/saved-views.js";
import type { CustomerChanges } from "../tasks/customer-changes.js";
import { customerDeskWork } from "../tasks/customer-desk.js";
import { customerHistory } from "../tasks/customer-history.js";
import { customerChangePaths, customerChangeRoutes } from "../tasks/customer-routes.js";
import { explainPaths, explainRoutes } from "../tasks/explain/routes.js";
import { forecastPaths, forecastRoutes } from "../tasks/forecast/routes.js";
import type { ForecastService } from "../tasks/forecast/service.js";
import { oneoffPaths, oneoffRoutes } from "../tasks/oneoff-routes.js";
import type { AudienceWork } from "./audiences.js";
import { authoringWork } from "./authoring.js";
import { handOverLeavers } from "./contacts.js";
import type { JourneyWork } from "./journeys.js";
import type { SetJourneyState } from "./lifecycle.js";
import type { ChatClient } from "./logins.js";
import type { OneoffWork } from "./oneoffs.js";
import type { OperationsWork } from "./operations.js";
import type { TaskWork } from "./tasks.js";

/** What http.ts makes its app of. */
export interface AppBase {
  assets: Assets;
  metrics: Metrics;
  pages: PageRenderer;
  log: Logger;
  world: World;
  /** the address browsers reach us at when a proxy stands before us, else "" */
  publicUrl: string;
  /** resolves when the database answers */
  ready(): Promise<unknown>;
  /** where machines knock many times a second: they need nothing of what pages do */
  pushes: ReturnType<typeof channelRoutes>;
  /** before the routers */
  steps?: readonly Step[];
  routers: ReturnType<typeof consoleRouters>;
}

export interface RouterParts {
  config: Config;
  store: Store;
  world: World;
  log: Logger;
  identity: IdentityService;
  calendar: CalendarService;
  leaves: LeaveService;
  customers: CustomerService;
  customerDesk: CustomerDesk;
  contacts: ContactService | undefined;
  imports: ImportService;
  models: ModelService;
  audiences: AudienceWork;
  drafts: DraftService;
  journeyWork: Pick<JourneyWork, "publishing" | "draftMaking" | "library" | "claimsList">;
  setJourneyState: SetJourneyState;
  changes: CustomerChanges;
  oneoffs: OneoffWork["oneoffs"];
  readOneoffData: OneoffWork["readOneoffData"];
  forecasts: ForecastService;
  behaviour: BehaviourService;
  /** whether the chat system has figures of its own */
  hasStatistics: boolean;
  work: TaskWork;
  operations: OperationsWork;
  inbox: WecomInbox | undefined;
  /** of the chat system, where it has them */
  login: MemberLogin | undefined;
  client: ChatClient | undefined;
  demo?: DemoDoor | undefined;
}

/** Of the API's shape, not of the program: it changes when a push or a read does. */
const API_VERSION = "1";

/** The app's parts over the joined services. */
export function appOf(parts: RouterParts): AppBase {
  const { config, store, world, log, identity, customers, work, inbox, setJourneyState } = parts;
  const assets = loadAssets(join(projectRoot, "templates/pages/assets"));
  const pages = consolePages(assets.url);
  const guard = guardOf(identity, config.public_url);
  const { tasks, reports, experiments, replyWords } = work;
  const { behaviour, hasStatistics } = parts;
  const figures = { reports, experiments, behaviour, hasStatistics };
  const { operations, oneoffs, readOneoffData } = parts;
  const services = { ...figures, tasks, customers, setJourneyState, replyWords, ...operations };
  const { publishing, draftMaking, library, claimsList } = parts.journeyWork;
  const { drafts, forecasts } = parts;
  const going = { publishing, draftMaking, library, claimsList, drafts, forecasts, log };
  const kept = { people: identity.people, audiences: parts.audiences.audiences, calendar: parts.calendar };
  const made = { oneoffs, readOneoffData, hasPicture: (name: string) => assets.find(name) !== undefined };
  const brand = { store, guard, pages, world, zone: config.zone, config };
  const ways = { ...customerParts(parts), ...organisationOf(parts), ...reportParts(parts) };
  const desk = { ...brand, ...services, ...going, ...kept, ...made, ...ways };
  return {
    steps: [pageNotices(operations.emergency.state, config.zone, () => parts.demo?.past())],
    ...{ assets, pages, log, world, publicUrl: config.public_url, metrics: makeMetrics() },
    ready: () => store.read.row("SELECT 1 AS one"),
    pushes: channelRoutes({ intake: work.intake, apiKey: guard.apiKey, ...(inbox ? { inbox } : {}) }),
    routers: [
      ...machineRouters(parts, guard),
      ...peopleRouters(parts, guard),
      ...journeyRouters(parts, guard),
      openApiRoutes(openApiDocument(API_VERSION, apiPaths())),
      ...doors(parts, guard, pages),
      ...consoleRouters({ ...desk, authoring: authoringOf(parts), client: parts.client }),
    ],
  };
}

/** What the report's tabs stand on besides. */
function reportParts({ store, world, config, models }: RouterParts) {
  const savedViews = savedViewService({ store, world });
  return { models, savedViews, replyWindowHours: config.reply_window_hours };
}

/** What the customers' pages stand on. */
function customerParts({ customerDesk, changes, audiences, work }: RouterParts) {
  return {
    ...{ customerDesk, tags: audiences.tags, explain: work.explain },
    customerWork: customerDeskWork({ setup: work.setup, changes }),
    customerHistory: customerHistory(work.setup),
  };
}

/** What the journey editor stands on. */
function authoringOf({ work, audiences, customerDesk, ...parts }: RouterParts): AuthoringParts {
  const { claims, openPhone } = work.setup;
  const services = { claims, openPhone, audiences: audiences.audiences, customerSearch: customerDesk };
  return authoringWork({ ...parts, ...services });
}

/** What the pages of the organisation need besides. */
function organisationOf({ config, leaves, imports, contacts, customers, log }: RouterParts) {
  const failed = (error: unknown) => log.error({ err: error }, "what a page began has failed");
  return {
    ...{ leaves, imports, contacts, failed },
    uploadBytes: config.import.upload_mb * 2 ** 20,
    handOver: () => handOverLeavers(contacts, customers).catch(failed),
  };
}

/** How people come in. */
function doors({ identity, login, config, demo }: RouterParts, guard: Guard, pages: PageRenderer) {
  const own = identityRoutes({ identity, guard, pages, demo, chatLogin: login !== undefined });
  if (!login) return [own];
  return [wecomRoutes({ identity, pages, login, publicUrl: config.public_url }), own];
}

/** What other systems push to us. */
function machineRouters({ customers, changes }: RouterParts, guard: Guard) {
  const { apiKey } = guard;
  return [
    customerRoutes({ customers, apiKey, guard: guard.may("see_operations") }),
    customerChangeRoutes({ changes, apiKey }),
  ];
}

/** The brand's days and people, and what is known of them. */
function peopleRouters(
  { calendar, leaves, models, behaviour, contacts, work, world }: RouterParts,
  { may, csrf }: Guard,
) {
  const doerOf = (ctx: Web) => ({ by: actorOf(ctx), at: world.now() });
  return [
    calendarRoutes({ calendar, guard: may("edit_calendar"), csrf, doerOf }),
    contactRoutes({ contacts, guard: may("keep_contacts"), csrf, actorOf }),
    leaveRoutes({ leaves, guard: may("keep_leaves"), csrf, viewerOf }),
    modelRoutes({ models, guard: may("see_operations") }),
    experimentRoutes({ experiments: work.experiments, guard: may("see_experiments") }),
    reportRoutes({ reports: work.reports, guard: may("see_report"), viewerOf }),
    behaviourRoutes({ behaviour, guard: may("see_report"), viewerOf }),
    explainRoutes({ explain: work.explain, guard: may("see_customers"), viewerOf }),
  ];
}

const actorOf = (ctx: Web) => `account:${viewerOf(ctx).accountId}`;

/** What HQ writes. */
function journeyRouters(parts: RouterParts, { may, csrf }: Guard) {
  const { store, drafts, forecasts, oneoffs, readOneoffData: read, journeyWork } = parts;
  const editing = { guard: may("edit_journeys"), csrf, actorOf };
  return [
    audienceRoutes({ ...parts.audiences, ...editing }),
    journeyRoutes({
      ...{ drafts, ...journeyWork, ...editing, overviews: () => journeyOverviews(store.read) },
      setState: async (...change) => (await parts.setJourneyState(...change)).changed,
    }),
    oneoffRoutes({ oneoffs, read, ...editing }),
    replyWordRoutes({ replyWords: parts.work.replyWords, ...editing }),
    forecastRoutes({ forecasts, readDraft: drafts.read, guard: editing.guard, csrf }),
  ];
}

/** What each slice says of its paths. */
function apiPaths(): ApiPaths[] {
  return [
    ...[audiencePaths(), calendarPaths(), customerPaths(), customerChangePaths(), experimentPaths()],
    ...[explainPaths(), forecastPaths(), intakePaths(), leavePaths(), journeyPaths(), modelPaths()],
    ...[oneoffPaths(), replyWordPaths(), reportPaths(), behaviourPaths(), contactPaths()],
  ];
}
