// Stored: what the models learned from a brand's orders, and what they say of each customer.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("model_run")
export class ModelRun {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "bigint", name: "ran_at", transformer: plainNumber })
  ranAt: number;

  @Column({ type: "date", name: "ran_on" })
  ranOn: string;

  @Column({ type: "date", name: "calibrated_until", nullable: true })
  calibratedUntil: string | null;

  @Column({ type: "date", name: "held_until", nullable: true })
  heldUntil: string | null;

  @Column({ type: "int", name: "customers" })
  customers: number;

  @Column({ type: "varchar", name: "served", length: 12 })
  served: string;

  @Column({ type: "text", name: "why" })
  why: string;

  /** `Learned` as JSON */
  @Column({ type: "text", name: "details" })
  details: string;

  @Column({ type: "bigint", name: "order_id", transformer: plainNumber })
  orderId: number;

  /** everybody up to this customer has been looked at with these models; null: everybody */
  @Column({ type: "int", name: "scored_to", nullable: true })
  scoredTo: number | null;
}

/** One row a customer who bought. At risk on a day: their anchor `at_risk` is not after it. Recovery is then high while
 *  `low_on` is null or after that day, else low. */
@Entity("model_value")
export class ModelValue {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  /** the order it was computed from; the cycle of the anchors */
  @Column({ type: "date", name: "last_on" })
  lastOn: string;

  @Column({ type: "int", name: "purchases" })
  purchases: number;

  @Column({ type: "int", name: "span_days" })
  spanDays: number;

  @Column({ type: "bigint", name: "quantity", transformer: plainNumber })
  quantity: number;

  /** which model set the anchor at_risk */
  @Column({ type: "varchar", name: "model", length: 12 })
  model: string;

  /** purchases to expect in the next time (the run's horizon), as of `computed_on`; null without a model that counts */
  @Column({ type: "double", name: "expected", nullable: true })
  expected: number | null;

  /** the chance that they have not left, as of `computed_on` */
  @Column({ type: "double", name: "alive", nullable: true })
  alive: number | null;

  /** from this day on recovery is low, unless an order comes; null: it stays high, or there is no risk */
  @Column({ type: "date", name: "low_on", nullable: true })
  lowOn: string | null;

  @Column({ type: "date", name: "computed_on" })
  computedOn: string;
}
