// Every page of the console, joined.
import type { Router } from "@koa/router";
import { auditPages } from "./audit/routes.js";
import { chatPages } from "./chat/routes.js";
import { customerActPages } from "./customers/act-routes.js";
import type { CustomerRouteParts } from "./customers/card.js";
import { customerPages } from "./customers/routes.js";
import { type ExperimentPageParts, experimentPages } from "./experiments/routes.js";
import { type HelpPageParts, helpPages } from "./help/routes.js";
import { homePages } from "./home-routes.js";
import { asidePages } from "./journeys/aside-routes.js";
import { draftPages } from "./journeys/draft-routes.js";
import type { EditorPageParts } from "./journeys/editor-parts.js";
import { type PublishPageDeps, publishPages } from "./journeys/publish-routes.js";
import { type JourneyPageParts, journeyPages } from "./journeys/routes.js";
import { touchpointPages } from "./journeys/touchpoint-routes.js";
import { type VersionPageDeps, versionPages } from "./journeys/versions-routes.js";
import { type YamlPageDeps, yamlPages } from "./journeys/yaml-routes.js";
import { type OneoffPageParts, oneoffPages } from "./oneoffs/routes.js";
import type { OperationsPageParts } from "./operations/parts.js";
import { operationsPages } from "./operations/routes.js";
import { importPages } from "./org/import-routes.js";
import type { OrgPageParts } from "./org/request.js";
import { orgPages } from "./org/routes.js";
import { wecomPages } from "./org/wecom-routes.js";
import { type OverviewPageParts, overviewPages } from "./overview/routes.js";
import { passwordPages } from "./people/password-routes.js";
import { type PeoplePageParts, peoplePages } from "./people/routes.js";
import { type ReplyWordsPageParts, replyWordsPages } from "./reply-words/routes.js";
import { type ReportPageParts, reportPages } from "./reports/routes.js";
import { type TabPageParts, tabPages } from "./reports/tab-routes.js";
import { savedViewPages, taskPages } from "./reports/task-routes.js";
import { type SettingsPageParts, settingsPages } from "./settings/routes.js";
import { type StopPageParts, stopPages } from "./stop/routes.js";
import { type TeamPageParts, teamPages } from "./team/routes.js";
import { batchPages } from "./today/batch-routes.js";
import { personPages } from "./today/person-routes.js";
import { type TodayPageParts, todayPages } from "./today/routes.js";
import { type ClaimsPageParts, claimsPages } from "./words/claims-routes.js";
import { type WordsPageParts, wordsPages } from "./words/routes.js";

/** What the pages need: services, the doors and the renderer. */
export type ConsoleParts = JourneyPageParts &
  PublishPageDeps &
  VersionPageDeps &
  YamlPageDeps &
  ClaimsPageParts &
  WordsPageParts &
  EditorPageParts &
  ReportPageParts &
  TabPageParts &
  ExperimentPageParts &
  TodayPageParts &
  OverviewPageParts &
  OneoffPageParts &
  StopPageParts &
  TeamPageParts &
  OperationsPageParts &
  OrgPageParts &
  PeoplePageParts &
  HelpPageParts &
  SettingsPageParts &
  CustomerRouteParts &
  ReplyWordsPageParts;

/** /, /language, /settings, /report, /journeys, /customers, /org, /experiments, /operations, /reply-words and /g/today with everything below them. */
export function consoleRouters(parts: ConsoleParts): Router[] {
  return [
    homePages(parts),
    reportPages(parts),
    publishPages(parts),
    versionPages(parts),
    yamlPages(parts),
    draftPages(parts),
    touchpointPages(parts),
    asidePages(parts),
    tabPages(parts),
    taskPages(parts),
    savedViewPages(parts),
    journeyPages(parts),
    customerPages(parts),
    customerActPages(parts),
    claimsPages(parts),
    wordsPages(parts),
    experimentPages(parts),
    importPages(parts),
    wecomPages(parts),
    orgPages(parts),
    ...operationsPages(parts),
    overviewPages(parts),
    oneoffPages(parts),
    stopPages(parts),
    teamPages(parts),
    replyWordsPages(parts),
    peoplePages(parts),
    passwordPages(parts),
    auditPages(parts),
    settingsPages(parts),
    helpPages(parts),
    todayPages(parts),
    batchPages(parts),
    personPages(parts),
    chatPages(parts),
  ];
}
