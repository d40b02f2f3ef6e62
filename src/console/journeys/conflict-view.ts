// Two people at one touchpoint: who was first, and what is different in their version.
import type { Store } from "../../infra/store.js";
import { type OpenDraft } from "../../journeys/draft-opening.js";
import type { DraftService } from "../../journeys/drafts.js";
import { changesBetween } from "../../journeys/publish.js";
import type { TouchpointData } from "../../journeys/trigger-data.js";
import { Refusal } from "../../kernel/refusals.js";
import { moment } from "../format.js";
import { namesOfHq, personOf } from "./people.js";
import { dataOfForm, type TouchpointForm } from "./touchpoint-form.js";

/** What somebody else left. */
export interface Conflict {
  /** undefined: they took it out */
  theirs: TouchpointData | undefined;
  open: OpenDraft;
}

interface ConflictParts {
  drafts: Pick<DraftService, "read">;
  store: Store;
  zone: string;
}

/** Everything the conflict's box names. */
export async function conflictView(
  { theirs, open }: Conflict,
  mine: TouchpointForm,
  parts: ConflictParts,
): Promise<object> {
  const { draft } = open;
  const names = await namesOfHq(parts.store);
  const words = theirs?.words;
  return {
    ...{ isGone: theirs === undefined, who: personOf(draft?.changedBy ?? null, names) },
    when: draft ? moment(draft.changedAt, parts.zone) : "",
    lines: theirs ? await linesBetween(parts, theirs, dataOfForm(mine).data) : [],
    words: typeof words === "string" ? words : "",
  };
}

/** What mine says otherwise than theirs; nothing where mine cannot be read yet. */
async function linesBetween(
  { drafts }: ConflictParts,
  theirs: TouchpointData,
  mine: TouchpointData,
): Promise<string[]> {
  const read = async (one: TouchpointData) =>
    (await drafts.read({ key: "compared", name: "对比", touchpoints: [{ ...one, key: theirs.key }] })).spec;
  try {
    return changesBetween(await read(theirs), await read(mine)).touchpoints.map(({ line }) => line);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [];
  }
}
