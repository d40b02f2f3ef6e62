// Stored for the report's further tabs: the funnel, newcomers' first days, what touchpoints change, saved views.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

/** How far tasks came and why no further. */
abstract class FunnelCell {
  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  /** how many steps were reached */
  @PrimaryColumn({ type: "int", name: "stage" })
  stage: number;

  /** a reason, a state, or "" for those that came through */
  @PrimaryColumn({ type: "varchar", name: "why", length: 32 })
  why: string;

  @Column({ type: "int", name: "tasks" })
  tasks: number;
}

@Entity("rollup_funnel_guide")
export class RollupFunnelGuide extends FunnelCell {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  @PrimaryColumn({ type: "int", name: "store_id" })
  storeId: number;

  /** 0: nobody's */
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;
}

@Entity("rollup_funnel_region")
export class RollupFunnelRegion extends FunnelCell {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;
}

/** A customer in their first days, at the place where they came in. */
@Entity("newcomer")
export class Newcomer {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "date", name: "joined_on" })
  joinedOn: string;

  /** the last of the days whose messages count */
  @Column({ type: "date", name: "last_on" })
  lastOn: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "int", name: "store_id" })
  storeId: number;

  @Column({ type: "int", name: "region_id" })
  regionId: number;

  @Column({ type: "int", name: "messages" })
  messages: number;
}

@Entity("rollup_newcomer")
export class RollupNewcomer {
  @PrimaryColumn({ type: "int", name: "region_id" })
  regionId: number;

  @PrimaryColumn({ type: "date", name: "joined_on" })
  joinedOn: string;

  @Column({ type: "int", name: "newcomers" })
  newcomers: number;

  /** of them those with at least one message */
  @Column({ type: "int", name: "spoke" })
  spoke: number;

  @Column({ type: "int", name: "messages" })
  messages: number;
}

@Entity("newcomer_mark")
export class NewcomerMark {
  @PrimaryColumn({ type: "date", name: "joined_on" })
  joinedOn: string;
}

@Entity("touchpoint_uplift")
export class TouchpointUplift {
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "bigint", name: "reckoned_at", transformer: plainNumber })
  reckonedAt: number;

  /** `LeagueLine` as JSON */
  @Column({ type: "text", name: "figures" })
  figures: string;
}

@Entity("report_view")
export class ReportView {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "account_id" })
  accountId: number;

  @Column({ type: "varchar", name: "name", length: 60 })
  name: string;

  @Column({ type: "varchar", name: "address", length: 400 })
  address: string;

  /** a role that finds it in its list too */
  @Column({ type: "varchar", name: "shared_with", length: 16, nullable: true })
  sharedWith: string | null;

  @Column({ type: "bigint", name: "made_at", transformer: plainNumber })
  madeAt: number;
}
