// What is forgotten every night: pushes and runs long done, what was told and tapped, people who never came in.
import { forgetGaps } from "../channels/gaps.js";
import type { MessageService } from "../channels/messages.js";
import { forgetTokens } from "../channels/tokens.js";
import type { WecomInbox } from "../channels/wecom-inbox.js";
import type { IdentityService } from "../identity/service.js";
import { shopDayOf } from "../kernel/calendar.js";
import { forgetNotes } from "../tasks/daily-notes.js";
import { forgetFreeTalk } from "../tasks/free-talk.js";
import type { TaskSetup } from "../tasks/setup.js";
import { forgetTaps } from "../tasks/taps.js";

const DAY = 86_400_000;
/** Pushes and runs are kept so long after they were worked off; messages wait so long for their customer. */
const KEPT_DAYS = 14;
/** What guides said that nobody understood is read by HQ for so long. */
const TALK_DAYS = 30;

/** Forgets what is old. */
export async function tidy({
  setup: { store, world, config },
  inbox,
  messages,
  identity,
}: {
  setup: TaskSetup;
  inbox: WecomInbox | undefined;
  messages: Pick<MessageService, "takeIn" | "forgetWaiting">;
  identity: IdentityService;
}): Promise<void> {
  const before = world.now() - KEPT_DAYS * DAY;
  await inbox?.forget(before);
  // also of customers who came in by other ways than the directory
  await messages.takeIn();
  await messages.forgetWaiting(before);
  await forgetTokens(store, before);
  await forgetGaps(store, before);
  await forgetNotes(store, shopDayOf(before, config.zone));
  await forgetTaps(store, before);
  await forgetFreeTalk(store, world.now() - TALK_DAYS * DAY);
  await identity.prune();
  await store.write((sql) => sql.run("DELETE FROM job_run WHERE scheduled_at < ?", [before]));
}
