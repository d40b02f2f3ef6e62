// Stored: what a customer's orders come to, tags of the past, and whose audiences must be looked at again.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("customer_figure")
export class CustomerFigure {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "orders" })
  orders: number;

  /** days with an order */
  @Column({ type: "int", name: "purchases" })
  purchases: number;

  @Column({ type: "bigint", name: "quantity", transformer: plainNumber })
  quantity: number;

  @Column({ type: "bigint", name: "amount_cents", transformer: plainNumber })
  amountCents: number;

  @Column({ type: "date", name: "first_on", nullable: true })
  firstOn: string | null;

  @Column({ type: "date", name: "last_on", nullable: true })
  lastOn: string | null;

  /** from the first order to the last */
  @Column({ type: "int", name: "span_days" })
  spanDays: number;
}

@Entity("customer_tag_past")
export class CustomerTagPast {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "varchar", name: "name", length: 60 })
  name: string;

  @Column({ type: "varchar", name: "source", length: 12 })
  source: string;

  @Column({ type: "bigint", name: "given_at", transformer: plainNumber, nullable: true })
  givenAt: number | null;

  @Column({ type: "varchar", name: "given_by", length: 64, nullable: true })
  givenBy: string | null;

  @Column({ type: "bigint", name: "taken_at", transformer: plainNumber })
  takenAt: number;

  @Column({ type: "varchar", name: "taken_by", length: 64 })
  takenBy: string;
}

@Entity("customer_mark")
export class CustomerMark {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;
}
