// The turns of lives: journeys paused, resumed, archived with their tasks; customers merged and erased.
import type { DraftService } from "../journeys/drafts.js";
import type { JourneyState } from "../journeys/queries.js";
import type { JourneyService } from "../journeys/service.js";
import { type CustomerChanges, customerChanges } from "../tasks/customer-changes.js";
import { endPaused } from "../tasks/expiry.js";
import { enforceRest, type Rested } from "../tasks/resting.js";
import type { TaskSetup } from "../tasks/setup.js";
import type { JourneyWork } from "./journeys.js";

/** What changing a journey's state did: to tasks of it, and whether it was another before. */
export interface StateChanged extends Rested {
  changed: boolean;
  /** tasks whose grace had passed while it was paused */
  ended: number;
}

export type SetJourneyState = (key: string, to: JourneyState, by: string) => Promise<StateChanged>;

/** What may happen to journeys and customers as wholes. */
export interface LifecycleWork {
  drafts: DraftService;
  /** all else one does with journeys */
  journeyWork: JourneyWork;
  setJourneyState: SetJourneyState;
  changes: CustomerChanges;
}

/** All of it over one setup. */
export function lifecycleWork(journeyWork: JourneyWork, setup: TaskSetup): LifecycleWork {
  const { journeys, drafts } = journeyWork;
  return {
    ...{ drafts, journeyWork },
    setJourneyState: journeyStates(journeys, setup),
    changes: customerChanges(setup),
  };
}

/** Pauses, resumes and archives journeys, with all that follows for their tasks. What cannot be taken back now the
 *  timed pass goes on with. */
function journeyStates(journeys: JourneyService, setup: TaskSetup): SetJourneyState {
  return async (key, to, by) => {
    const ended = to === "live" ? await endPaused(setup) : 0;
    const changed = await journeys.setState(key, to, by);
    return { ...(await enforceRest(setup)), changed, ended };
  };
}
