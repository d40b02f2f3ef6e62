// Every migration in its order; the one list that database.ts runs.
import type { MigrationClass } from "../src/infra/migration.js";
import { orgMigrations } from "./1-org.js";
import { customerMigrations } from "./2-customers.js";
import { journeyMigrations } from "./3-journeys.js";
import { channelMigrations } from "./4-channels.js";
import { taskMigrations } from "./5-tasks.js";
import { reportMigrations } from "./6-reports.js";
import { calendarMigrations } from "./7-calendar.js";
import { audienceMigrations } from "./8-audience.js";
import { experimentMigrations } from "./9-experiments.js";
import { peopleMigrations } from "./10-people.js";
import { lifecycleMigrations } from "./11-lifecycle.js";
import { modelMigrations } from "./13-models.js";
import { contentMigrations } from "./14-content.js";
import { contactMigrations } from "./15-contacts.js";
import { limitMigrations } from "./16-limits.js";
import { cardMigrations } from "./17-cards.js";
import { talkMigrations } from "./18-talk.js";
import { replyMigrations } from "./19-replies.js";
import { channelGapMigrations } from "./20-channel-gaps.js";
import { auditMigrations } from "./21-audit.js";
import { publishingMigrations } from "./23-publishing.js";
import { customerDeskMigrations } from "./24-customer-desk.js";
import { importMigrations } from "./25-imports.js";
import { reportSetMigrations } from "./26-report-set.js";
import { operationsMigrations } from "./27-operations.js";
import { guidePageMigrations } from "./28-guide-page.js";
import { figuresCountedMigrations } from "./29-figures-counted.js";
import { earlyMessageMigrations } from "./30-early-messages.js";
import { urgesReachedMigrations } from "./31-urges-reached.js";
import { searchByGuideMigrations } from "./32-search-by-guide.js";
import { guideWishMigrations } from "./33-guide-wishes.js";
import { placePagesMigrations } from "./34-place-pages.js";

/** All migrations, oldest first. */
export const migrations: MigrationClass[] = [
  ...orgMigrations,
  ...customerMigrations,
  ...journeyMigrations,
  ...channelMigrations,
  ...taskMigrations,
  ...reportMigrations,
  ...calendarMigrations,
  ...audienceMigrations,
  ...experimentMigrations,
  ...peopleMigrations,
  ...lifecycleMigrations,
  ...modelMigrations,
  ...contentMigrations,
  ...contactMigrations,
  ...limitMigrations,
  ...cardMigrations,
  ...talkMigrations,
  ...replyMigrations,
  ...channelGapMigrations,
  ...auditMigrations,
  ...publishingMigrations,
  ...customerDeskMigrations,
  ...importMigrations,
  ...reportSetMigrations,
  ...operationsMigrations,
  ...guidePageMigrations,
  ...figuresCountedMigrations,
  ...earlyMessageMigrations,
  ...urgesReachedMigrations,
  ...searchByGuideMigrations,
  ...guideWishMigrations,
  ...placePagesMigrations,
];
