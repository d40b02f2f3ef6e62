// The editor's page: the journey's timeline with where its draft stands.
import { type OpenDraft, settingsStamp } from "../../journeys/draft-opening.js";
import { JOURNEY_STATE_NAMES } from "../../journeys/overviews.js";
import type { DayTrigger } from "../../journeys/spec.js";
import { touchpointsIn } from "../../journeys/trigger-data.js";
import { moment } from "../format.js";
import { personOf } from "./people.js";
import { cardOfData, timelineView } from "./timeline-view.js";

interface DraftMoment {
  dayOfYear(trigger: DayTrigger): number | undefined;
  names: ReadonlyMap<number, string>;
  now: number;
  zone: string;
}

/** Everything templates/pages/journeys/draft.hbs names. */
export function draftView(open: OpenDraft, { dayOfYear, names, zone }: DraftMoment): object {
  const { key, data, draft, state, version } = open;
  const touchpoints = touchpointsIn(data);
  const cards = touchpoints.map((one) => cardOfData(one, `/journeys/${key}/draft/t/${String(one.key)}`));
  return {
    ...{ key, name: String(data.name), holdOut: data.hold_out === undefined ? "" : String(data.hold_out) },
    ...{
      version: version ?? "",
      isPublished: version !== null,
      stateName: state ? JOURNEY_STATE_NAMES[state] : "",
    },
    count: touchpoints.length,
    settingsStamp: settingsStamp(data),
    ...draftState(draft, names, zone),
    lanes: timelineView(cards, dayOfYear, (query) => `/journeys/${key}/draft/new?${query}`),
    isEditable: true,
  };
}

/** Whether there is a draft, whose it is, and whether the journey went on without it. */
function draftState(draft: OpenDraft["draft"], names: ReadonlyMap<number, string>, zone: string) {
  return {
    hasDraft: draft !== null,
    isOld: draft?.isOld ?? false,
    changed: draft ? moment(draft.changedAt, zone) : "",
    changer: draft ? personOf(draft.changedBy, names) : "",
  };
}
