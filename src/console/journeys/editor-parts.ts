// What the pages of the journey editor stand on.
import type { Guard } from "../../identity/guard.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { AudienceService } from "../../journeys/audience-service.js";
import type { AudienceSuggestions } from "../../journeys/audience-suggestions.js";
import type { NotKnown } from "../../journeys/audience-unknown.js";
import type { JourneyData } from "../../journeys/draft-data.js";
import type { DraftEdits } from "../../journeys/draft-edits.js";
import type { DraftService } from "../../journeys/drafts.js";
import type { JourneyTemplate } from "../../journeys/journey-templates.js";
import type { World } from "../../kernel/world.js";
import type { TouchpointAnswers } from "../../reports/touchpoint-answers.js";
import type { PreviewParts } from "./previews.js";

/** What an author asks besides the drafts themselves. */
export interface AuthoringParts extends PreviewParts {
  edits: DraftEdits;
  audiences: Pick<AudienceService, "count">;
  notKnown(rule: unknown): Promise<NotKnown[]>;
  suggestions(): Promise<AudienceSuggestions>;
  /** the names of the calendar that touchpoints may wait for */
  dayNames(): Promise<readonly string[]>;
  templates: {
    list(): readonly JourneyTemplate[];
    /** Raises `not_found`. */
    data(key: string, as: { key: string; name: string }): Promise<JourneyData>;
  };
  answersOf(journey: string, touchpoint: string): Promise<TouchpointAnswers>;
  drafts: Pick<DraftService, "show" | "read" | "discard">;
}

export interface EditorPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: Pick<World, "now">;
  zone: string;
  authoring: AuthoringParts;
}
