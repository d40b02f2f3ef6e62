// Stored: imports as they were run, and what they changed; how many customers guides have.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../../infra/columns.js";

@Entity("import_run")
export class ImportRun {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  /** see `ImportState` */
  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "varchar", name: "said_by", length: 64 })
  saidBy: string;

  @Column({ type: "bigint", name: "made_at", transformer: plainNumber })
  madeAt: number;

  @Column({ type: "bigint", name: "started_at", transformer: plainNumber, nullable: true })
  startedAt: number | null;

  @Column({ type: "bigint", name: "ended_at", transformer: plainNumber, nullable: true })
  endedAt: number | null;

  /** the last sign of life of who works on it */
  @Column({ type: "bigint", name: "beat_at", transformer: plainNumber, nullable: true })
  beatAt: number | null;

  /** who works on it: host, process, and a word of its own */
  @Column({ type: "varchar", name: "worker", length: 160, nullable: true })
  worker: string | null;

  /** 1: what is written may fall due for days up to its own */
  @Column({ type: "int", name: "triggers", default: 0 })
  triggers: number;

  /** its shop day */
  @Column({ type: "date", name: "on_day" })
  onDay: string;

  /** the folder of its files below the data folder; null: files of somebody's own */
  @Column({ type: "varchar", name: "folder", length: 120, nullable: true })
  folder: string | null;

  /** its files, as JSON */
  @Column({ type: "text", name: "files" })
  files: string;

  /** how far it is, as JSON */
  @Column({ type: "text", name: "progress", nullable: true })
  progress: string | null;

  /** what became of each file, as JSON */
  @Column({ type: "text", name: "results", nullable: true })
  results: string | null;

  @Column({ type: "text", name: "error", nullable: true })
  error: string | null;

  /** rows kept to be taken back; null: too many */
  @Column({ type: "int", name: "changes", nullable: true })
  changes: number | null;

  @Column({ type: "varchar", name: "undone_by", length: 64, nullable: true })
  undoneBy: string | null;

  @Column({ type: "bigint", name: "undone_at", transformer: plainNumber, nullable: true })
  undoneAt: number | null;

  /** what taking it back came to, as JSON */
  @Column({ type: "text", name: "undo_result", nullable: true })
  undoResult: string | null;
}

@Entity("import_change")
export class ImportChange {
  @PrimaryColumn({ type: "int", name: "run_id" })
  runId: number;

  @PrimaryColumn({ type: "varchar", name: "kind", length: 12 })
  kind: string;

  @PrimaryColumn({ type: "varchar", name: "row_key", length: 100 })
  rowKey: string;

  @Column({ type: "int", name: "customer_id", nullable: true })
  customerId: number | null;

  /** the row before, as JSON; null: there was none */
  @Column({ type: "text", name: "was", nullable: true })
  was: string | null;

  /** of the row as the import left it */
  @Column({ type: "varchar", name: "digest", length: 40 })
  digest: string;
}

@Entity("guide_count")
export class GuideCount {
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "int", name: "customers" })
  customers: number;
}

/** Customers of the guides of a region's own stores, not of those below it. */
@Entity("region_count")
export class RegionCount {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  @Column({ type: "int", name: "customers" })
  customers: number;
}
