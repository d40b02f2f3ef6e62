// Finding a mass send whose create call got no answer: by time, by text, then by guide and customers.
import { ChannelError, type Found, type LostHandOver } from "../port.js";
import type { WecomClient } from "./client.js";
import { hasCode } from "./errors.js";
import { pollers, sameUser } from "./outcomes.js";
import { inParallel } from "./parallel.js";
import { corpMasses, massMembers, massResults } from "./requests.js";

/** How long before and after our call the platform's own clock may have put it, in ms. */
const before = 2 * 60_000;
const after = 10 * 60_000;
/** More equal texts than this cannot be told apart at a bearable price. */
const mostCandidates = 300;

/**
 * Looks for the lost hand-over. `settled` says whether the call is so long ago that it cannot still be on its way;
 * before that nothing found means nothing.
 */
export async function findLost(client: WecomClient, lost: LostHandOver, settled: boolean): Promise<Found> {
  const start = Math.floor((lost.calledAt - before) / 1000);
  const end = Math.ceil((lost.calledAt + after) / 1000);
  const known = new Set(lost.knownRefs);
  const masses = await corpMasses(client, start, end);
  const candidates = masses.filter(
    (mass) =>
      !known.has(mass.msgid) &&
      mass.create_time >= start &&
      mass.create_time <= end &&
      (mass.text?.content ?? "") === lost.text,
  );
  if (candidates.length > mostCandidates) return { state: "cannot_tell" };
  const verdicts = await inParallel(candidates, pollers, (mass) => isOurs(client, mass.msgid, lost));
  if (verdicts.includes("cannot_tell")) return { state: "cannot_tell" };
  const ours = candidates.filter((_, at) => verdicts[at] === "yes");
  const [only] = ours;
  if (only && ours.length === 1) return { state: "found", providerRef: only.msgid };
  if (ours.length > 1) return { state: "cannot_tell" };
  return { state: settled ? "absent" : "cannot_tell" };
}

async function isOurs(
  client: WecomClient,
  msgid: string,
  lost: LostHandOver,
): Promise<"yes" | "no" | "cannot_tell"> {
  try {
    const members = await massMembers(client, msgid);
    if (members.length === 0) return "cannot_tell";
    if (!members.some((member) => sameUser(member.userid, lost.guideUserid))) return "no";
    const results = await massResults(client, msgid, lost.guideUserid);
    if (results.length === 0) return "cannot_tell";
    const named = new Set(lost.externalUserids);
    const isTheirs = lost.isTheirs ?? ((id: string) => named.has(id));
    // those refused at once are missing from the results, so a part of ours is enough; a stranger is not
    return results.every((row) => row.external_userid && isTheirs(row.external_userid)) ? "yes" : "no";
  } catch (error) {
    // still dispatching, or stopped: it is there, but not whose it is
    if (hasCode(error, 41063, 41093)) return "cannot_tell";
    if (error instanceof ChannelError && error.kind === "fix") return "no";
    throw error;
  }
}
