// Stored: callbacks as they came, messages both ways, shared tokens, gaps in listening, pairs whose credit is owed.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("callback")
export class Callback {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @Column({ type: "varchar", name: "channel", length: 12 })
  channel: string;

  @Column({ type: "text", name: "body" })
  body: string;

  @Column({ type: "bigint", name: "received_at", transformer: plainNumber })
  receivedAt: number;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "int", name: "tries", default: 0 })
  tries: number;

  @Column({ type: "bigint", name: "taken_until", transformer: plainNumber, default: 0 })
  takenUntil: number;

  @Column({ type: "text", name: "error", nullable: true })
  error: string | null;
}

@Entity("message")
export class Message {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "msgid", length: 120 })
  msgid: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "store_id", nullable: true })
  storeId: number | null;

  @Column({ type: "int", name: "region_id", nullable: true })
  regionId: number | null;

  @Column({ type: "varchar", name: "sender", length: 8 })
  sender: string;

  @Column({ type: "bigint", name: "sent_at", transformer: plainNumber })
  sentAt: number;

  @Column({ type: "date", name: "sent_on" })
  sentOn: string;

  @Column({ type: "varchar", name: "type", length: 24 })
  type: string;

  @Column({ type: "text", name: "text", nullable: true })
  text: string | null;

  @Column({ type: "varchar", name: "source", length: 16 })
  source: string;

  @Column({ type: "int", name: "recalled", default: 0 })
  recalled: number;

  @Column({ type: "bigint", name: "task_id", transformer: plainNumber, nullable: true })
  taskId: number | null;
}

/** A message whose customer is not known yet. */
@Entity("early_message")
export class EarlyMessageRow {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "msgid", length: 120 })
  msgid: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "varchar", name: "external_userid", length: 64 })
  externalUserid: string;

  @Column({ type: "varchar", name: "sender", length: 8 })
  sender: string;

  @Column({ type: "bigint", name: "sent_at", transformer: plainNumber })
  sentAt: number;

  @Column({ type: "varchar", name: "type", length: 24 })
  type: string;

  @Column({ type: "text", name: "text", nullable: true })
  text: string | null;

  @Column({ type: "varchar", name: "source", length: 16 })
  source: string;

  @Column({ type: "int", name: "recalled" })
  recalled: number;

  /** epoch ms */
  @Column({ type: "bigint", name: "kept_at", transformer: plainNumber })
  keptAt: number;
}

@Entity("channel_token")
export class ChannelToken {
  @PrimaryColumn({ type: "varchar", name: "name", length: 160 })
  name: string;

  @Column({ type: "text", name: "value", nullable: true })
  value: string | null;

  @Column({ type: "bigint", name: "expires_at", transformer: plainNumber })
  expiresAt: number;

  @Column({ type: "varchar", name: "locked_by", length: 40, nullable: true })
  lockedBy: string | null;

  @Column({ type: "bigint", name: "locked_until", transformer: plainNumber })
  lockedUntil: number;
}

@Entity("channel_gap")
export class ChannelGap {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "channel", length: 12 })
  channel: string;

  @Column({ type: "varchar", name: "account", length: 64 })
  account: string;

  @Column({ type: "bigint", name: "began_at", transformer: plainNumber })
  beganAt: number;

  @Column({ type: "bigint", name: "ended_at", transformer: plainNumber, nullable: true })
  endedAt: number | null;

  @Column({ type: "varchar", name: "reason", length: 250 })
  reason: string;

  @Column({ type: "int", name: "recovered", nullable: true })
  recovered: number | null;

  /** what the guide said to the assistant meanwhile, as JSON; null: nobody can tell */
  @Column({ type: "text", name: "unheard", nullable: true })
  unheard: string | null;

  /** when the guide was told of it, epoch ms */
  @Column({ type: "bigint", name: "told_at", transformer: plainNumber, nullable: true })
  toldAt: number | null;
}

@Entity("credit_mark")
export class CreditMark {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;
}

/** How the calls of one API went in one hour. */
@Entity("channel_call")
export class ChannelCall {
  @PrimaryColumn({ type: "varchar", name: "channel", length: 12 })
  channel: string;

  @PrimaryColumn({ type: "varchar", name: "api", length: 80 })
  api: string;

  @PrimaryColumn({ type: "bigint", name: "hour_at", transformer: plainNumber })
  hourAt: number;

  @Column({ type: "int", name: "calls" })
  calls: number;

  @Column({ type: "int", name: "failed" })
  failed: number;

  /** epoch ms of the last that went well, 0 for none */
  @Column({ type: "bigint", name: "done_at", transformer: plainNumber })
  doneAt: number;

  /** epoch ms of the last that failed, 0 for none */
  @Column({ type: "bigint", name: "failed_at", transformer: plainNumber })
  failedAt: number;

  /** of the last that failed */
  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}
