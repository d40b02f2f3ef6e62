// Stored: roll-ups of figures per level, and the marks that keep them right.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

/** What is counted. */
abstract class Counted {
  @Column({ type: "int", name: "issued" })
  issued: number;

  @Column({ type: "int", name: "completed" })
  completed: number;

  @Column({ type: "int", name: "on_time" })
  onTime: number;

  @Column({ type: "int", name: "delivered" })
  delivered: number;

  @Column({ type: "int", name: "observed" })
  observed: number;

  @Column({ type: "int", name: "replied" })
  replied: number;

  /** customer messages; in totals only */
  @Column({ type: "int", name: "messages" })
  messages: number;

  /** offered and not ended */
  @Column({ type: "int", name: "open_tasks" })
  openTasks: number;

  /** epoch ms of the latest send, 0 for none */
  @Column({ type: "bigint", name: "last_sent_at", transformer: plainNumber })
  lastSentAt: number;

  @Column({ type: "int", name: "tapped", default: 0 })
  tapped: number;

  @Column({ type: "int", name: "confirmed", default: 0 })
  confirmed: number;

  @Column({ type: "int", name: "proven", default: 0 })
  proven: number;

  /** by the day of the limit, all others by the day of the offer */
  @Column({ type: "int", name: "capped", default: 0 })
  capped: number;

  @Column({ type: "int", name: "not_friend", default: 0 })
  notFriend: number;

  @Column({ type: "int", name: "late", default: 0 })
  late: number;
}

/** A cell of one day. */
abstract class Cell extends Counted {
  /** 0 for the total over touchpoints */
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @PrimaryColumn({ type: "int", name: "variant" })
  variant: number;

  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;
}

@Entity("rollup_region")
export class RollupRegion extends Cell {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;
}

@Entity("rollup_store")
export class RollupStore extends Cell {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  @PrimaryColumn({ type: "int", name: "store_id" })
  storeId: number;
}

/** A store's totals over touchpoints in a week. */
@Entity("rollup_store_week")
export class RollupStoreWeek extends Counted {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  /** its Monday */
  @PrimaryColumn({ type: "date", name: "week_on" })
  weekOn: string;

  @PrimaryColumn({ type: "int", name: "store_id" })
  storeId: number;
}

@Entity("rollup_guide")
export class RollupGuide extends Cell {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  @PrimaryColumn({ type: "int", name: "store_id" })
  storeId: number;

  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;
}

/** One row: how often figures were counted. */
@Entity("figures_counted")
export class FiguresCounted {
  @PrimaryColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "bigint", name: "times", transformer: plainNumber })
  times: number;
}

@Entity("rollup_mark")
export class RollupMark {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "date", name: "on_day" })
  onDay: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;
}
