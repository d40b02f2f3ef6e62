// A journey's versions as the desk shows them: the list, two of them compared, what its state would do.
import { differencesBetween } from "../../journeys/differences.js";
import type { Draft } from "../../journeys/drafts.js";
import type { PublishAsk } from "../../journeys/publish-requests.js";
import type { JourneyState } from "../../journeys/queries.js";
import type { JourneySpec } from "../../journeys/spec.js";
import type { VersionLine } from "../../journeys/version-history.js";
import type { OpenTasks } from "../../tasks/rest-preview.js";
import { count, moment } from "../format.js";
import { differencesView } from "./versions-differences.js";

/** Which of a journey's texts: a version by its number, or its draft. */
export type Which = number | "draft";

export interface VersionsPageParts {
  key: string;
  name: string;
  state: JourneyState | null;
  /** the number of the version in force */
  live: number | null;
  versions: readonly VersionLine[];
  draft: Draft | null;
  /** by version */
  requests: ReadonlyMap<number, PublishAsk>;
  /** by `account:3` */
  names: ReadonlyMap<string, string>;
  /** what is compared; null: nothing */
  compared: { from: Which; to: Which; before: JourneySpec; after: JourneySpec } | null;
  zone: string;
}

/** Everything templates/pages/journeys/versions.hbs names. */
export function versionsPage(parts: VersionsPageParts): object {
  const { key, name, state, live, versions, draft, compared, zone } = parts;
  const by = (who: string) =>
    parts.names.get(who) ?? (who.startsWith("account:") ? `账号 ${who.slice("account:".length)}` : "系统");
  const whiches: Which[] = [...(draft ? (["draft"] as const) : []), ...versions.map(({ number }) => number)];
  const options = (chosen: Which | undefined) =>
    whiches.map((which) => ({
      value: String(which),
      isDraft: which === "draft",
      isLive: which === live,
      isChosen: which === chosen,
    }));
  return {
    ...{ key, name, copyKey: `${key}-2`.slice(0, 64), copyName: `${name}（副本）`.slice(0, 60) },
    ...{ isLive: state === "live", isPaused: state === "paused", isArchived: state === "archived" },
    live: live ?? "",
    draft: draft && { by: by(draft.changedBy), at: moment(draft.changedAt, zone), seen: draft.changedAt },
    versions: versions.map(({ number, publishedAt, publishedBy, touchpoints }) => {
      const request = parts.requests.get(number);
      return {
        ...{ number, touchpoints: count(touchpoints), at: moment(publishedAt, zone), by: by(publishedBy) },
        isLive: number === live,
        before: number > 1 ? number - 1 : "",
        askedBy: request ? by(request.askedBy) : "",
        note: request?.note ?? "",
      };
    }),
    from: options(compared?.from ?? versions[0]?.number),
    to: options(compared?.to ?? whiches[0]),
    canCompare: whiches.length > 1,
    compared: compared && {
      ...{ from: compared.from, to: compared.to },
      ...{ fromDraft: compared.from === "draft", toDraft: compared.to === "draft" },
      differences: differencesView(differencesBetween(compared.before, compared.after)),
    },
  };
}

/** The words that change a journey's state. */
export const STATE_CHANGES = { pause: "paused", resume: "live", archive: "archived" } as const;
export type StateWord = keyof typeof STATE_CHANGES;

const TITLES: Record<StateWord, string> = { pause: "暂停旅程", resume: "恢复旅程", archive: "归档旅程" };

/** Everything templates/pages/journeys/state.hbs names: what changing the state will do. */
export function statePage(word: StateWord, journey: { key: string; name: string }): object {
  return { ...journey, word, title: TITLES[word], isArchive: word === "archive" };
}

/** What templates/pages/journeys/state-counts.hbs says will happen. */
export function stateLines(
  word: StateWord,
  { waiting, withGuides, pastGrace }: OpenTasks,
): { text: string; n: string }[] {
  const lines: Record<StateWord, { text: string; n: string }[]> = {
    pause: [
      { text: "已经到导购手上、还没确认的 {n} 个任务会收回", n: count(withGuides) },
      { text: "还没下发的 {n} 个任务留着，等恢复", n: count(waiting) },
      { text: "暂停期间到期的照常生成，但不下发；过了宽限期的记为「旅程已暂停」", n: "" },
    ],
    resume: [
      { text: "{n} 个任务已过宽限期，会结束并记为「旅程已暂停」", n: count(pastGrace) },
      {
        text: "其余 {n} 个任务按每日上限陆续下发，不会一下子全发出去",
        n: count(Math.max(0, waiting - pastGrace)),
      },
    ],
    archive: [
      { text: "没有完成的 {n} 个任务会取消", n: count(waiting + withGuides) },
      { text: "不再生成新任务；已发出的、历史和报表都保留", n: "" },
      { text: "以后重新发布可以再启用，触点从那天重新开始", n: "" },
    ],
  };
  return lines[word];
}
