// Stored: accounts, sessions, keys of machines that push data, links that were used, who changed what.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("account")
export class Account {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "login", length: 64 })
  login: string;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "varchar", name: "role", length: 16 })
  role: string;

  @Column({ type: "varchar", name: "password_hash", length: 200 })
  passwordHash: string;

  @Column({ type: "int", name: "guide_id", nullable: true })
  guideId: number | null;

  @Column({ type: "int", name: "store_id", nullable: true })
  storeId: number | null;

  @Column({ type: "int", name: "region_id", nullable: true })
  regionId: number | null;

  @Column({ type: "int", name: "disabled", default: 0 })
  disabled: number;
}

@Entity("session")
export class Session {
  @PrimaryColumn({ type: "varchar", name: "token_hash", length: 64 })
  tokenHash: string;

  @Column({ type: "int", name: "account_id" })
  accountId: number;

  @Column({ type: "varchar", name: "csrf", length: 64 })
  csrf: string;

  @Column({ type: "bigint", name: "created_at", transformer: plainNumber })
  createdAt: number;

  @Column({ type: "bigint", name: "expires_at", transformer: plainNumber })
  expiresAt: number;
}

@Entity("api_key")
export class ApiKey {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "varchar", name: "key_hash", length: 64 })
  keyHash: string;

  @Column({ type: "bigint", name: "created_at", transformer: plainNumber })
  createdAt: number;

  @Column({ type: "bigint", name: "revoked_at", transformer: plainNumber, nullable: true })
  revokedAt: number | null;
}

@Entity("link_use")
export class LinkUse {
  @PrimaryColumn({ type: "varchar", name: "digest", length: 64 })
  digest: string;

  @Column({ type: "int", name: "uses" })
  uses: number;

  @Column({ type: "bigint", name: "expires_at", transformer: plainNumber })
  expiresAt: number;
}

@Entity("audit_entry")
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "bigint", name: "done_at", transformer: plainNumber })
  doneAt: number;

  @Column({ type: "varchar", name: "done_by", length: 64 })
  doneBy: string;

  @Column({ type: "varchar", name: "action", length: 64 })
  action: string;

  @Column({ type: "varchar", name: "subject", length: 191 })
  subject: string;

  @Column({ type: "text", name: "before_json", nullable: true })
  before: string | null;

  @Column({ type: "text", name: "after_json", nullable: true })
  after: string | null;
}
