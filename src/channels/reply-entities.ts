// Stored: the words by which a customer's message is known for urgent, and the messages that were.
import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("reply_word")
export class ReplyWord {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "kind", length: 16 })
  kind: string;

  @Column({ type: "varchar", name: "role", length: 12 })
  role: string;

  @Column({ type: "varchar", name: "phrase", length: 60 })
  phrase: string;

  /** 1: taken out by HQ; the row keeps a default from coming back */
  @Column({ type: "int", name: "removed", default: 0 })
  removed: number;

  @Column({ type: "varchar", name: "changed_by", length: 40 })
  changedBy: string;

  @Column({ type: "bigint", name: "changed_at", transformer: plainNumber })
  changedAt: number;
}

@Entity("urgent_reply")
export class UrgentReply {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "msgid", length: 120 })
  msgid: string;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  /** to whom it was written */
  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "bigint", name: "said_at", transformer: plainNumber })
  saidAt: number;

  @Column({ type: "date", name: "said_on" })
  saidOn: string;

  @Column({ type: "varchar", name: "kind", length: 16 })
  kind: string;

  @Column({ type: "varchar", name: "word", length: 60 })
  word: string;

  @Column({ type: "int", name: "opt_out", default: 0 })
  optOut: number;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  /** why there is no task, where there is none */
  @Column({ type: "varchar", name: "reason", length: 16, nullable: true })
  reason: string | null;

  @Column({ type: "bigint", name: "task_id", transformer: plainNumber, nullable: true })
  taskId: number | null;

  /** who was given the task */
  @Column({ type: "int", name: "told_guide", nullable: true })
  toldGuide: number | null;

  @Column({ type: "bigint", name: "next_at", transformer: plainNumber, default: 0 })
  nextAt: number;

  @Column({ type: "int", name: "tries", default: 0 })
  tries: number;
}
