// A day of the run: what is done when, and which of it the kills are aimed at.

/** What a kill is aimed at; each aim gets its share of the kills. */
export type Aim =
  | "expire"
  | "plan"
  | "judge"
  | "release"
  | "offer"
  | "send"
  | "intake"
  | "poll"
  | "push"
  | "quiet";

/** One thing at one time of the day. */
export interface Phase {
  time: string;
  aim: Aim;
  /** timed jobs to run; without any the outside acts: people in the sandbox, or the CRM */
  jobs?: readonly string[];
  /** the next phase follows at once, before the minute's other jobs */
  goesOn?: boolean;
}

const look = (time: string, after: string): Phase[] => [
  { time, aim: "intake", goesOn: true },
  { time: after, aim: "poll", jobs: ["callbacks", "poll", "credit", "figures"] },
];

/** The day. Between two phases that do not go on there is time enough to find out about calls without an answer, and
 *  guides act on what they got before the full hour: so nobody in the sandbox sees that there was a kill. */
export const phases: readonly Phase[] = [
  { time: "00:03", aim: "expire", jobs: ["expire", "models"] },
  { time: "05:10", aim: "plan", jobs: ["plan"] },
  { time: "06:12", aim: "judge", jobs: ["judge"] },
  { time: "08:20", aim: "release", jobs: ["release"] },
  { time: "09:20", aim: "offer", jobs: ["offer"], goesOn: true },
  { time: "09:21", aim: "send", jobs: ["dispatch"] },
  ...look("11:10", "11:11"),
  { time: "12:30", aim: "push" },
  ...look("14:30", "14:31"),
  ...look("18:40", "18:41"),
  ...look("21:16", "21:17"),
  { time: "21:31", aim: "quiet", jobs: ["quiet"] },
];

/** What runs every minute or every few, in an order. */
export const minutely: readonly string[] = [
  ...["callbacks", "plan-changes", "release-rest", "recheck", "quiet", "offer", "dispatch", "poll"],
  ...["reconcile", "credit", "figures"],
];
