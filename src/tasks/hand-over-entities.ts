// Stored: hand-overs with their tasks, and what reached customers.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("hand_over")
export class HandOver {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "ref", length: 64 })
  ref: string;

  @Column({ type: "varchar", name: "channel", length: 12 })
  channel: string;

  @Column({ type: "varchar", name: "way", length: 8 })
  way: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "text", name: "words" })
  words: string;

  /** what goes along with the words, as JSON; null: nothing */
  @Column({ type: "text", name: "attachments", nullable: true })
  attachments: string | null;

  /** the shop day whose facts the words speak of */
  @Column({ type: "date", name: "prepared_on" })
  preparedOn: string;

  @Column({ type: "int", name: "customers" })
  customers: number;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "varchar", name: "provider_ref", length: 120, nullable: true })
  providerRef: string | null;

  @Column({ type: "bigint", name: "called_at", transformer: plainNumber })
  calledAt: number;

  /** when it must be looked at next: called, polled, looked for, as its state says */
  @Column({ type: "bigint", name: "next_at", transformer: plainNumber })
  nextAt: number;

  @Column({ type: "bigint", name: "confirmed_at", transformer: plainNumber, nullable: true })
  confirmedAt: number | null;

  @Column({ type: "int", name: "tries", default: 0 })
  tries: number;

  /** how often it was looked for after a call without an answer */
  @Column({ type: "int", name: "looks", default: 0 })
  looks: number;

  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}

@Entity("hand_over_task")
export class HandOverTask {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @PrimaryColumn({ type: "bigint", name: "hand_over_id", transformer: plainNumber })
  handOverId: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;
}

@Entity("delivery")
export class Delivery {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "bigint", name: "sent_at", transformer: plainNumber })
  sentAt: number;

  @Column({ type: "date", name: "sent_on" })
  sentOn: string;

  /** the guide's tap, epoch ms */
  @Column({ type: "bigint", name: "acted_at", nullable: true, transformer: plainNumber })
  actedAt: number | null;

  /** mass, bot or page; null: from before it was kept */
  @Column({ type: "varchar", name: "way", length: 8, nullable: true })
  way: string | null;

  @Column({ type: "text", name: "words" })
  words: string;
}

/** How a follow-up by hand went, as the guide's form said. */
@Entity("task_outcome")
export class TaskOutcome {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  /** epoch ms */
  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  @Column({ type: "varchar", name: "outcome", length: 60 })
  outcome: string;

  /** those the guide set, joined by `|` */
  @Column({ type: "varchar", name: "tags", length: 600, nullable: true })
  tags: string | null;

  @Column({ type: "varchar", name: "note", length: 500, nullable: true })
  note: string | null;

  @Column({ type: "date", name: "next_touch_on", nullable: true })
  nextTouchOn: string | null;
}
