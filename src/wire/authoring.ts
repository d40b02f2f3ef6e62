// The journey editor joined: drafts edited touchpoint by touchpoint, and what an author asks besides.
import { join } from "node:path";
import type { AuthoringParts } from "../console/journeys/editor-parts.js";
import type { CustomerSearch } from "../console/journeys/previews.js";
import { type Config, projectRoot } from "../infra/config.js";
import type { Store } from "../infra/store.js";
import { rememberedByRule } from "../journeys/audience-asked.js";
import { readAudience } from "../journeys/audience-schema.js";
import type { AudienceService } from "../journeys/audience-service.js";
import { audienceSuggestions } from "../journeys/audience-suggestions.js";
import { notKnownOf } from "../journeys/audience-unknown.js";
import type { ClaimsCheck } from "../journeys/claims.js";
import { draftEdits } from "../journeys/draft-edits.js";
import type { DraftService } from "../journeys/drafts.js";
import { journeyTemplates, templateData } from "../journeys/journey-templates.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import type { CalendarService } from "../org/calendar-service.js";
import { touchpointAnswers } from "../reports/touchpoint-answers.js";
import { wordPreviews } from "../tasks/word-previews.js";

export interface AuthoringWork {
  config: Pick<Config, "zone" | "reply_window_hours">;
  store: Store;
  world: World;
  calendar: Pick<CalendarService, "ensure" | "names">;
  drafts: DraftService;
  claims: ClaimsCheck;
  audiences: Pick<AudienceService, "count">;
  customerSearch: CustomerSearch;
  openPhone(cipher: string): string | undefined;
}

const FOLDER = join(projectRoot, "templates/journeys");
/** They are live from the start. */
const BUILT_IN = ["data-care", "reply-care"];

/** What the editor's pages need, over one database. */
export function authoringWork(parts: AuthoringWork): AuthoringParts {
  const { config, store, world, calendar, drafts, claims, audiences, customerSearch, openPhone } = parts;
  const { zone } = config;
  const reading = { store, world, zone, replyWindowHours: config.reply_window_hours };
  const templates = journeyTemplates(FOLDER, BUILT_IN);
  return {
    ...{ drafts, claims, customerSearch },
    audiences: { count: rememberedByRule(world, audiences.count) },
    edits: draftEdits({ store, world, drafts }),
    wordPreviews: wordPreviews({ store, world, zone, openPhone }),
    notKnown: rememberedByRule(world, async (rule) => notKnownOf(store.read, readAudience(rule))),
    suggestions: audienceSuggestions({ store, world }),
    dayNames: async () => {
      await calendar.ensure(shopDayOf(world.now(), zone));
      return [...new Set((await calendar.names()).values())];
    },
    templates: {
      list: () => templates,
      data: async (key, as) => {
        if (!templates.some((one) => one.key === key)) throw new Refusal("not_found", "没有这个模板。");
        return templateData(drafts, join(FOLDER, `${key}.yaml`), as);
      },
    },
    answersOf: (journey, touchpoint) => touchpointAnswers(reading, journey, touchpoint),
  };
}
