// Audiences and tags joined: counting, rules that give tags, tags by hand.
import { type TagService, tagService } from "../customers/tag-service.js";
import type { Store } from "../infra/store.js";
import { type AudienceService, audienceService } from "../journeys/audience-service.js";
import { type TagRuleService, tagRuleService } from "../journeys/tag-rules.js";
import { type Tagging, tagging } from "../journeys/tagging.js";
import type { World } from "../kernel/world.js";

/** What the house can do with audiences and tags. */
export interface AudienceWork {
  audiences: AudienceService;
  tags: TagService;
  tagRules: TagRuleService;
  tagging: Tagging;
}

/** Audiences and tags over one database. */
export function audienceWork(parts: { store: Store; world: World; zone: string }): AudienceWork {
  return {
    audiences: audienceService(parts),
    tags: tagService(parts),
    tagRules: tagRuleService(parts),
    tagging: tagging(parts),
  };
}
