// The page on which a draft goes live: what it changes, who asked, who may say yes.
import { differencesBetween } from "../../journeys/differences.js";
import type { PublishAsk, RequestState } from "../../journeys/publish-requests.js";
import type { ApprovalRule, PublishView } from "../../journeys/publishing.js";
import type { Fault } from "../../kernel/refusals.js";
import { moment } from "../format.js";
import { differencesView } from "./versions-differences.js";

/** Why one person may publish alone. */
const ALONE: Record<Exclude<ApprovalRule, "second">, string> = {
  only_one: "总部只有你一个账号，可以自己确认发布；有了第二个总部账号，发布就要由另一个人批准。",
  off: "设置里关闭了发布审批（journeys.approval: off），可以自己确认发布。",
};

const STATES: Record<RequestState, string> = {
  asked: "草稿改过，已作废",
  returned: "已退回",
  withdrawn: "已撤回",
  published: "已批准并发布",
  void: "已作废",
};

export interface PublishPageParts {
  /** names by `account:3` */
  names: ReadonlyMap<string, string>;
  /** `account:3` of who reads the page */
  reader: string;
  zone: string;
  sayFault(fault: Fault): string;
}

/** Everything templates/pages/journeys/publish.hbs names besides what has just been published. */
export function publishPage(view: PublishView, parts: PublishPageParts): object {
  const { key, name, live, draft, ready, faults, claims, differs, rule, request } = view;
  const isBlocked = draft !== null && ready === null;
  return {
    ...{ key, name, live: live ?? 0, digest: ready?.digest ?? "", isBlocked },
    liveText: live === null ? "" : String(live),
    isArchived: view.state === "archived",
    isPaused: view.state === "paused",
    hasDraft: draft !== null,
    isSame: ready !== null && !differs,
    isReady: ready !== null && differs,
    draftChanged: draft ? moment(draft.changedAt, parts.zone) : "",
    draftBy: draft ? nameOf(draft.changedBy, parts) : "",
    isOld: draft?.isOld ?? false,
    basedOn: draft?.basedOn ?? 0,
    claims: claims.map((claim) => ({ ...claim, variant: claim.variant ?? "" })),
    faults: isBlocked ? faultLines(view, faults, parts) : [],
    differences: ready && differs ? differencesView(differencesBetween(view.liveSpec, ready.spec)) : false,
    insideGrace: request?.insideGrace ?? false,
    ...stepOf(view, parts),
    alone: rule === "second" ? "" : ALONE[rule],
    request: request ? requestView(request, parts) : false,
    past: view.past.map((one) => requestView(one, parts)),
  };
}

/** What the reader can do now: one of these is true for a draft that is ready. */
function stepOf({ rule, request, ready, differs }: PublishView, { reader }: PublishPageParts): object {
  const isReady = ready !== null && differs;
  const isOwn = request?.askedBy === reader;
  return {
    mayAsk: isReady && rule === "second" && request === null,
    mayApprove: isReady && request !== null && !isOwn,
    mustWait: isReady && rule === "second" && request !== null && isOwn,
    mayAlone: isReady && rule !== "second" && (request === null || isOwn),
    mayWithdraw: request !== null && isOwn,
  };
}

function requestView(request: PublishAsk, parts: PublishPageParts): object {
  const { id, note, state, insideGrace, askedAt, askedBy, decidedAt, decidedBy, answer, version } = request;
  return {
    ...{ id, note, insideGrace, answer: answer ?? "", version: version ?? "" },
    stateName: STATES[state],
    isReturned: state === "returned",
    askedBy: nameOf(askedBy, parts),
    askedAt: moment(askedAt, parts.zone),
    decidedBy: decidedBy ? nameOf(decidedBy, parts) : "",
    decidedAt: decidedAt === null ? "" : moment(decidedAt, parts.zone),
  };
}

function nameOf(by: string, { names }: Pick<PublishPageParts, "names">): string {
  return names.get(by) ?? (by.startsWith("account:") ? `账号 ${by.slice("account:".length)}` : "系统");
}

/** Faults with the touchpoint they stand in; claims have their own list, with the sentence. */
function faultLines(
  { draft }: PublishView,
  faults: readonly Fault[],
  { sayFault }: PublishPageParts,
): object[] {
  const touchpoints = Array.isArray(draft?.data.touchpoints) ? (draft.data.touchpoints as unknown[]) : [];
  return faults
    .filter(({ expected }) => !expected.startsWith("words without "))
    .map((fault) => {
      const at = /^touchpoints\.(\d+)/.exec(fault.field ?? "")?.[1];
      const { name, key } = (touchpoints[Number(at ?? -1)] ?? {}) as Record<string, unknown>;
      return { touchpoint: String(name ?? key ?? ""), value: fault.value ?? "", said: sayFault(fault) };
    });
}
