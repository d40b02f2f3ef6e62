// Stored: tags shown in the chat system, contact ways, welcome words and welcomes, transfers under way.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("pushed_tag")
export class PushedTag {
  @PrimaryColumn({ type: "varchar", name: "name", length: 60 })
  name: string;

  @Column({ type: "varchar", name: "tag_id", length: 64, nullable: true })
  tagId: string | null;

  @Column({ type: "varchar", name: "said_by", length: 64 })
  saidBy: string;

  @Column({ type: "bigint", name: "said_at", transformer: plainNumber })
  saidAt: number;

  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}

@Entity("contact_way")
export class ContactWay {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "campaign", length: 40 })
  campaign: string;

  @Column({ type: "int", name: "store_id" })
  storeId: number;

  @Column({ type: "varchar", name: "state", length: 30 })
  state: string;

  @Column({ type: "varchar", name: "config_id", length: 120, nullable: true })
  configId: string | null;

  @Column({ type: "varchar", name: "picture", length: 500, nullable: true })
  picture: string | null;

  /** userids behind the code, as JSON */
  @Column({ type: "text", name: "guides", nullable: true })
  guides: string | null;

  @Column({ type: "bigint", name: "made_at", transformer: plainNumber })
  madeAt: number;

  /** when a call began whose answer is not known */
  @Column({ type: "bigint", name: "called_at", transformer: plainNumber, nullable: true })
  calledAt: number | null;

  @Column({ type: "bigint", name: "removed_at", transformer: plainNumber, nullable: true })
  removedAt: number | null;

  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}

@Entity("welcome_words")
export class WelcomeWords {
  /** `default`, `campaign:618`, `state:…` */
  @PrimaryColumn({ type: "varchar", name: "scope", length: 80 })
  scope: string;

  @Column({ type: "text", name: "words" })
  words: string;

  /** as JSON, as a touchpoint's are; null: words alone */
  @Column({ type: "text", name: "attachments", nullable: true })
  attachments: string | null;

  @Column({ type: "varchar", name: "said_by", length: 64 })
  saidBy: string;

  @Column({ type: "bigint", name: "said_at", transformer: plainNumber })
  saidAt: number;
}

@Entity("welcome")
export class Welcome {
  @PrimaryColumn({ type: "varchar", name: "code", length: 190 })
  code: string;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "varchar", name: "external_userid", length: 64 })
  externalUserid: string;

  @Column({ type: "date", name: "on_day" })
  onDay: string;

  @Column({ type: "varchar", name: "scope", length: 80 })
  scope: string;

  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  @Column({ type: "varchar", name: "result", length: 12 })
  result: string;

  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}

@Entity("contact_transfer")
export class ContactTransfer {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "from_guide_id" })
  fromGuideId: number;

  @Column({ type: "int", name: "to_guide_id" })
  toGuideId: number;

  @Column({ type: "varchar", name: "kind", length: 8 })
  kind: string;

  @Column({ type: "varchar", name: "state", length: 8 })
  state: string;

  @Column({ type: "varchar", name: "message", length: 200 })
  message: string;

  @Column({ type: "varchar", name: "said_by", length: 64 })
  saidBy: string;

  @Column({ type: "bigint", name: "asked_at", transformer: plainNumber })
  askedAt: number;

  @Column({ type: "bigint", name: "next_at", transformer: plainNumber })
  nextAt: number;

  @Column({ type: "int", name: "tries", default: 0 })
  tries: number;

  @Column({ type: "varchar", name: "error", length: 250, nullable: true })
  error: string | null;
}
