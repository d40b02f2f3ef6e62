// The timed jobs as pages know them. What runs them stands to the right and is joined when the process serves.

/** A timed job with its clock. */
export interface TimedJob {
  name: string;
  /** epoch ms; null: never */
  nextAt: number | null;
  /** ms between two runs at the most */
  period: number;
  /** since when this process could have run it (epoch ms) */
  since: number;
}

/** The timed jobs of this process. */
export interface JobBoard {
  jobs(): TimedJob[];
  /** Begins a run at once. Raises `not_found`, and `conflict` while one is under way. `ended` never rejects. */
  runNow(name: string, by: string): Promise<{ ended: Promise<void> }>;
}

/** Where the board stands once there is one: pages are joined before the clocks are. */
export interface TimedWork {
  board?: JobBoard;
}
