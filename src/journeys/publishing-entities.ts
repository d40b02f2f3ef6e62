// Stored: the claims nobody may make, requests to publish, the library of words and where it was used.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

/** A phrase of the list of forbidden claims, in force or taken out. */
@Entity("claim_term")
export class ClaimTerm {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "category", length: 24 })
  category: string;

  @Column({ type: "varchar", name: "kind", length: 8 })
  kind: string;

  @Column({ type: "varchar", name: "phrase", length: 60 })
  phrase: string;

  @Column({ type: "int", name: "removed", default: 0 })
  removed: number;

  @Column({ type: "varchar", name: "changed_by", length: 64 })
  changedBy: string;

  @Column({ type: "bigint", name: "changed_at", transformer: plainNumber })
  changedAt: number;
}

/** Somebody asks somebody else to publish a draft. */
@Entity("publish_request")
export class PublishRequest {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "journey_key", length: 64 })
  journeyKey: string;

  @Column({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @Column({ type: "int", name: "inside_grace" })
  insideGrace: number;

  @Column({ type: "varchar", name: "note", length: 500 })
  note: string;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "varchar", name: "asked_by", length: 64 })
  askedBy: string;

  @Column({ type: "bigint", name: "asked_at", transformer: plainNumber })
  askedAt: number;

  @Column({ type: "varchar", name: "decided_by", length: 64, nullable: true })
  decidedBy: string | null;

  @Column({ type: "bigint", name: "decided_at", transformer: plainNumber, nullable: true })
  decidedAt: number | null;

  @Column({ type: "varchar", name: "answer", length: 500, nullable: true })
  answer: string | null;

  @Column({ type: "int", name: "version", nullable: true })
  version: number | null;
}

/** Words kept to be used again. */
@Entity("words_entry")
export class WordsEntry {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "folder", length: 60 })
  folder: string;

  @Column({ type: "varchar", name: "title", length: 60 })
  title: string;

  @Column({ type: "text", name: "words" })
  words: string;

  @Column({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @Column({ type: "int", name: "revision" })
  revision: number;

  @Column({ type: "varchar", name: "changed_by", length: 64 })
  changedBy: string;

  @Column({ type: "bigint", name: "changed_at", transformer: plainNumber })
  changedAt: number;
}

/** An entry was put into a touchpoint. */
@Entity("words_use")
export class WordsUse {
  @PrimaryColumn({ type: "int", name: "entry_id" })
  entryId: number;

  @PrimaryColumn({ type: "varchar", name: "journey_key", length: 64 })
  journeyKey: string;

  @PrimaryColumn({ type: "varchar", name: "touchpoint_key", length: 64 })
  touchpointKey: string;

  @Column({ type: "bigint", name: "used_at", transformer: plainNumber })
  usedAt: number;
}
