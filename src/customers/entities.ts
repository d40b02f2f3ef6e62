// Stored: customers and what is known of them; anchors with their marks.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("customer")
export class Customer {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "external_userid", length: 64 })
  externalUserid: string;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "int", name: "guide_id", nullable: true })
  guideId: number | null;

  /** 1: named by HQ (file, API, page); 0: follows the latest contact */
  @Column({ type: "int", name: "owner_named", default: 0 })
  ownerNamed: number;

  @Column({ type: "date", name: "joined_on", nullable: true })
  joinedOn: string | null;

  @Column({ type: "varchar", name: "source", length: 40, nullable: true })
  source: string | null;

  @Column({ type: "varchar", name: "phone_cipher", length: 200, nullable: true })
  phoneCipher: string | null;

  /** by which the number is found (`phone-index`) */
  @Column({ type: "bigint", name: "phone_index", transformer: plainNumber, nullable: true })
  phoneIndex: number | null;

  @Column({ type: "date", name: "birthday", nullable: true })
  birthday: string | null;

  @Column({ type: "varchar", name: "brand_preference", length: 60, nullable: true })
  brandPreference: string | null;

  @Column({ type: "varchar", name: "level", length: 40, nullable: true })
  level: string | null;

  @Column({ type: "int", name: "opted_out", default: 0 })
  optedOut: number;

  /** who said so (`OptOutSource`) */
  @Column({ type: "varchar", name: "opted_out_by", length: 8, nullable: true })
  optedOutBy: string | null;

  @Column({ type: "bigint", name: "opted_out_at", transformer: plainNumber, nullable: true })
  optedOutAt: number | null;

  @Column({ type: "int", name: "stopped", default: 0 })
  stopped: number;

  @Column({ type: "int", name: "bucket" })
  bucket: number;

  @Column({ type: "date", name: "quiet_through", nullable: true })
  quietThrough: string | null;

  /** who this customer turned out to be */
  @Column({ type: "int", name: "merged_into", nullable: true })
  mergedInto: number | null;
}

@Entity("child")
export class Child {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "int", name: "child_no" })
  childNo: number;

  @Column({ type: "varchar", name: "name", length: 60, nullable: true })
  name: string | null;

  @Column({ type: "date", name: "born_on", nullable: true })
  bornOn: string | null;

  @Column({ type: "date", name: "due_on", nullable: true })
  dueOn: string | null;

  @Column({ type: "varchar", name: "sex", length: 8, nullable: true })
  sex: string | null;
}

@Entity("contact")
export class Contact {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  /** null: the file that named the owner did not say */
  @Column({ type: "date", name: "began_on", nullable: true })
  beganOn: string | null;

  @Column({ type: "date", name: "ended_on", nullable: true })
  endedOn: string | null;
}

@Entity("customer_order")
export class CustomerOrder {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "order_no", length: 64 })
  orderNo: string;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "date", name: "ordered_on" })
  orderedOn: string;

  @Column({ type: "int", name: "quantity" })
  quantity: number;

  @Column({
    type: "decimal",
    name: "amount",
    precision: 12,
    scale: 2,
    transformer: plainNumber,
    nullable: true,
  })
  amount: number | null;

  @Column({ type: "varchar", name: "channel", length: 40, nullable: true })
  channel: string | null;

  @Column({ type: "varchar", name: "status", length: 12 })
  status: string;

  @Column({ type: "varchar", name: "category", length: 60, nullable: true })
  category: string | null;

  @Column({ type: "varchar", name: "subcategory", length: 60, nullable: true })
  subcategory: string | null;
}

@Entity("customer_tag")
export class CustomerTag {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "varchar", name: "name", length: 60 })
  name: string;

  /** where it comes from (`TagSource`); each source takes away its own only */
  @PrimaryColumn({ type: "varchar", name: "source", length: 12 })
  source: string;

  @Column({ type: "bigint", name: "given_at", transformer: plainNumber, nullable: true })
  givenAt: number | null;

  /** `account:3`, `rule`, a model's name; null with a file or push */
  @Column({ type: "varchar", name: "given_by", length: 64, nullable: true })
  givenBy: string | null;
}

@Entity("anchor")
export class Anchor {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "varchar", name: "kind", length: 20 })
  kind: string;

  @PrimaryColumn({ type: "int", name: "child_no" })
  childNo: number;

  @Column({ type: "date", name: "on_date", nullable: true })
  onDate: string | null;

  @Column({ type: "int", name: "cycle_on" })
  cycleOn: number;

  @Column({ type: "int", name: "guide_id", nullable: true })
  guideId: number | null;

  @Column({ type: "date", name: "quiet_through", nullable: true })
  quietThrough: string | null;
}

@Entity("anchor_mark")
export class AnchorMark {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "varchar", name: "kind", length: 20 })
  kind: string;

  @Column({ type: "int", name: "child_no" })
  childNo: number;

  @Column({ type: "int", name: "was_cycle" })
  wasCycle: number;
}

@Entity("data_fault")
export class DataFault {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "int", name: "child_no" })
  childNo: number;

  @PrimaryColumn({ type: "varchar", name: "field", length: 24 })
  field: string;

  @Column({ type: "varchar", name: "value", length: 80, nullable: true })
  value: string | null;

  @Column({ type: "varchar", name: "reason", length: 160 })
  reason: string;

  @Column({ type: "date", name: "seen_on" })
  seenOn: string;
}

/** Two external ids that are one person. */
@Entity("customer_merge")
export class CustomerMerge {
  @PrimaryColumn({ type: "int", name: "from_id" })
  fromId: number;

  @Column({ type: "varchar", name: "external_userid", length: 64 })
  externalUserid: string;

  @Column({ type: "int", name: "into_id" })
  intoId: number;

  @Column({ type: "text", name: "children" })
  children: string;

  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  @Column({ type: "varchar", name: "actor", length: 64 })
  actor: string;
}
