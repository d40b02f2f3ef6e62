// How far a task came and why no further, said in SQL once; the words are those of the other figures.
import { OBSERVED, TAPPED } from "../count-sql.js";

/** States in which a task ends that no guide was ever offered. */
export const ENDED_UNSEEN = "('skipped', 'expired', 'cancelled', 'merged', 'held_out')";

/** Tasks that the funnel counts: what waits to be released is still to be decided. */
export const IN_FUNNEL = `(offered_at IS NOT NULL OR state IN ${ENDED_UNSEEN})`;

const REPLIED = `(${OBSERVED} AND replied_at IS NOT NULL)`;

/** The number of the last step a task reached. */
export const STAGE_OF = `(CASE WHEN ${REPLIED} THEN 8 WHEN state = 'sent' THEN 7
  WHEN ${TAPPED} THEN CASE WHEN state IN ('approved', 'done_by_hand') THEN 5 ELSE 6 END
  WHEN offered_at IS NOT NULL THEN 4
  WHEN state = 'held_out' OR reason = 'missed_run' THEN 1
  WHEN released_on IS NOT NULL THEN 3 ELSE 2 END)`;

/** Why it came no further; "" for what came through. */
export const WHY_OF = `(CASE WHEN ${REPLIED} THEN '' WHEN state = 'sent' AND observed = 1 THEN 'no_reply'
  WHEN state = 'sent' THEN 'unobserved'
  WHEN state IN ('planned', 'offered', 'approved', 'sending', 'handed_over', 'needs_data', 'held', 'unknown') THEN state
  ELSE COALESCE(reason, state) END)`;
