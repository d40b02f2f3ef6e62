// Stored: journeys, immutable versions, touchpoints of lasting identity.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("journey")
export class Journey {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "journey_key", length: 64 })
  journeyKey: string;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "int", name: "live_version_id", nullable: true })
  liveVersionId: number | null;
}

@Entity("journey_version")
export class JourneyVersion {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "journey_id" })
  journeyId: number;

  @Column({ type: "int", name: "number" })
  number: number;

  @Column({ type: "text", name: "source" })
  source: string;

  @Column({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @Column({ type: "bigint", name: "published_at", transformer: plainNumber })
  publishedAt: number;

  @Column({ type: "varchar", name: "published_by", length: 64 })
  publishedBy: string;
}

@Entity("touchpoint")
export class Touchpoint {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "journey_id" })
  journeyId: number;

  @Column({ type: "varchar", name: "touchpoint_key", length: 64 })
  touchpointKey: string;

  @Column({ type: "date", name: "plans_from" })
  plansFrom: string;

  @Column({ type: "int", name: "live" })
  live: number;
}

@Entity("touchpoint_version")
export class TouchpointVersion {
  @PrimaryColumn({ type: "int", name: "version_id" })
  versionId: number;

  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "int", name: "position" })
  position: number;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "text", name: "spec" })
  spec: string;
}

/** A part of a file that touchpoints enclose; of the whole the digest is the SHA-256. */
@Entity("content_part")
export class ContentPart {
  @PrimaryColumn({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @PrimaryColumn({ type: "int", name: "part" })
  part: number;

  @Column({ type: "blob", name: "bytes" })
  bytes: Buffer;
}

/** The one draft of a journey, as its file says it. */
@Entity("journey_draft")
export class JourneyDraft {
  @PrimaryColumn({ type: "varchar", name: "journey_key", length: 64 })
  journeyKey: string;

  @Column({ type: "text", name: "data" })
  data: string;

  @Column({ type: "int", name: "based_on", nullable: true })
  basedOn: number | null;

  @Column({ type: "bigint", name: "changed_at", transformer: plainNumber })
  changedAt: number;

  @Column({ type: "varchar", name: "changed_by", length: 64 })
  changedBy: string;
}

/** What happened to a journey: published, paused, resumed, archived. */
@Entity("journey_event")
export class JourneyEvent {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "journey_id" })
  journeyId: number;

  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  @Column({ type: "varchar", name: "actor", length: 64 })
  actor: string;

  @Column({ type: "varchar", name: "what", length: 12 })
  what: string;
}
