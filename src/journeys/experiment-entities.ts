// Stored: experiments with their shuffles and looks, the numbers of variants, who is held out for ever.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("experiment")
export class Experiment {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "journey_id" })
  journeyId: number;

  @Column({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "varchar", name: "kind", length: 10 })
  kind: string;

  @Column({ type: "int", name: "number" })
  number: number;

  @Column({ type: "varchar", name: "seed", length: 200 })
  seed: string;

  @Column({ type: "text", name: "definition" })
  definition: string;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "date", name: "began_on" })
  beganOn: string;

  @Column({ type: "date", name: "ended_on", nullable: true })
  endedOn: string | null;

  @Column({ type: "int", name: "winner", nullable: true })
  winner: number | null;

  @Column({ type: "bigint", name: "decided_at", transformer: plainNumber, nullable: true })
  decidedAt: number | null;
}

@Entity("experiment_bucket")
export class ExperimentBucket {
  @PrimaryColumn({ type: "int", name: "experiment_id" })
  experimentId: number;

  @PrimaryColumn({ type: "int", name: "bucket" })
  bucket: number;

  @Column({ type: "int", name: "arm" })
  arm: number;
}

@Entity("experiment_look")
export class ExperimentLook {
  @PrimaryColumn({ type: "int", name: "experiment_id" })
  experimentId: number;

  @PrimaryColumn({ type: "int", name: "number" })
  number: number;

  @Column({ type: "date", name: "looked_on" })
  lookedOn: string;

  @Column({ type: "text", name: "figures" })
  figures: string;
}

@Entity("touchpoint_variant")
export class TouchpointVariant {
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @PrimaryColumn({ type: "int", name: "number" })
  number: number;

  @Column({ type: "varchar", name: "variant_key", length: 64 })
  variantKey: string;
}

@Entity("held_customer")
export class HeldCustomer {
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;
}
