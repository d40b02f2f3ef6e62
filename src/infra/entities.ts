// Stored: small named values, and runs of timed jobs.
import { Column, Entity, PrimaryColumn } from "typeorm";
import { plainNumber } from "./columns.js";

@Entity("setting")
export class Setting {
  @PrimaryColumn({ type: "varchar", name: "name", length: 80 })
  name: string;

  @Column({ type: "text", name: "value" })
  value: string;
}

@Entity("job_run")
export class JobRun {
  @PrimaryColumn({ type: "varchar", name: "job", length: 40 })
  job: string;

  @PrimaryColumn({ type: "bigint", name: "scheduled_at", transformer: plainNumber })
  scheduledAt: number;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "bigint", name: "started_at", transformer: plainNumber })
  startedAt: number;

  @Column({ type: "bigint", name: "ended_at", transformer: plainNumber, nullable: true })
  endedAt: number | null;

  @Column({ type: "text", name: "result", nullable: true })
  result: string | null;

  /** the last sign of life of a run that goes on */
  @Column({ type: "bigint", name: "beat_at", transformer: plainNumber, nullable: true })
  beatAt: number | null;

  /** who asked for it; null: its clock */
  @Column({ type: "varchar", name: "run_by", length: 40, nullable: true })
  runBy: string | null;
}

/** A small text all processes change together. */
@Entity("shared_state")
export class SharedStateRow {
  @PrimaryColumn({ type: "varchar", name: "name", length: 190 })
  name: string;

  @Column({ type: "text", name: "value" })
  value: string;

  /** epoch ms after which it does not matter */
  @Column({ type: "bigint", name: "until_at", transformer: plainNumber })
  untilAt: number;
}
