// Stored: guides' own mass sends and whom they reached, what limits kept back, reminders, what replies are expected.
import { Column, Entity, PrimaryColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("guide_mass")
export class GuideMassRow {
  @PrimaryColumn({ type: "varchar", name: "ref", length: 120 })
  ref: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "bigint", name: "created_at", transformer: plainNumber })
  createdAt: number;

  /** waiting: its results are not all there; read */
  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "bigint", name: "next_at", transformer: plainNumber })
  nextAt: number;
}

@Entity("mass_receipt")
export class MassReceipt {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "date", name: "sent_on" })
  sentOn: string;

  @PrimaryColumn({ type: "varchar", name: "ref", length: 120 })
  ref: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;
}

@Entity("limit_hit")
export class LimitHit {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "int", name: "store_id" })
  storeId: number;

  @Column({ type: "int", name: "region_id" })
  regionId: number;

  @Column({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "int", name: "variant" })
  variant: number;

  /** channel: the chat system refused; ledger: we knew before */
  @Column({ type: "varchar", name: "told_by", length: 8 })
  toldBy: string;
}

@Entity("hand_over_reminder")
export class HandOverReminder {
  @PrimaryColumn({ type: "bigint", name: "hand_over_id", transformer: plainNumber })
  handOverId: number;

  @PrimaryColumn({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;
}

@Entity("reply_expectation")
export class ReplyExpectation {
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "int", name: "observed" })
  observed: number;

  @Column({ type: "int", name: "replied" })
  replied: number;

  /** of a thousand sends, how many are answered */
  @Column({ type: "int", name: "per_mille" })
  perMille: number;
}
