// Every page of the console, joined.
import type { Router } from "@koa/router";
import { chatPages } from "./chat-routes.js";
import { type ExperimentPageParts, experimentPages } from "./experiments-routes.js";
import { homePages } from "./home-routes.js";
import { type JourneyPageParts, journeyPages } from "./journeys-routes.js";
import { type OperationsPageParts, operationsPages } from "./operations-routes.js";
import { type ReplyWordsPageParts, replyWordsPages } from "./reply-words-routes.js";
import { type ReportPageParts, reportPages } from "./report-routes.js";
import { type TodayPageParts, todayPages } from "./today-routes.js";

/** What the pages need: services, the doors and the renderer. */
export type ConsoleParts = JourneyPageParts &
  ReportPageParts &
  ExperimentPageParts &
  TodayPageParts &
  OperationsPageParts &
  ReplyWordsPageParts;

/** /, /report, /journeys, /experiments, /operations, /reply-words and /g/today with everything below them. */
export function consoleRouters(parts: ConsoleParts): Router[] {
  return [
    homePages(parts),
    reportPages(parts),
    journeyPages(parts),
    experimentPages(parts),
    operationsPages(parts),
    replyWordsPages(parts),
    todayPages(parts),
    chatPages(parts),
  ];
}
