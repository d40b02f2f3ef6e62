// Stored: hand-overs of customers.
import { Column, Entity, PrimaryColumn } from "typeorm";

@Entity("transfer")
export class Transfer {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "from_guide_id", nullable: true })
  fromGuideId: number | null;

  @Column({ type: "int", name: "to_guide_id", nullable: true })
  toGuideId: number | null;

  @Column({ type: "date", name: "on_day" })
  onDay: string;

  @Column({ type: "int", name: "declined", default: 0 })
  declined: number;
}
