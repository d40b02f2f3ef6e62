// Stored: the region tree, stores, guides.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";

@Entity("region_level")
export class RegionLevel {
  @PrimaryColumn({ type: "int", name: "depth" })
  depth: number;

  @Column({ type: "varchar", name: "name", length: 40 })
  name: string;
}

@Entity("region")
export class Region {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "parent_id" })
  parentId: number;

  @Column({ type: "varchar", name: "name", length: 60 })
  name: string;

  @Column({ type: "int", name: "depth" })
  depth: number;

  @Column({ type: "varchar", name: "trail", length: 190 })
  trail: string;
}

@Entity("store")
export class Store {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "code", length: 64 })
  code: string;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "int", name: "region_id" })
  regionId: number;
}

@Entity("guide")
export class Guide {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "userid", length: 64 })
  userid: string;

  @Column({ type: "varchar", name: "name", length: 120 })
  name: string;

  @Column({ type: "int", name: "store_id" })
  storeId: number;

  @Column({ type: "date", name: "joined_on", nullable: true })
  joinedOn: string | null;

  @Column({ type: "date", name: "left_on", nullable: true })
  leftOn: string | null;

  /** who takes the customers once the guide has left */
  @Column({ type: "int", name: "successor_id", nullable: true })
  successorId: number | null;
}

@Entity("guide_leave")
export class GuideLeave {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "date", name: "from_on" })
  fromOn: string;

  @Column({ type: "date", name: "to_on" })
  toOn: string;

  @Column({ type: "int", name: "deputy_id", nullable: true })
  deputyId: number | null;

  @Column({ type: "int", name: "cancelled", default: 0 })
  cancelled: number;

  @Column({ type: "int", name: "settled", default: 0 })
  settled: number;

  @Column({ type: "varchar", name: "said_by", length: 64 })
  saidBy: string;

  @Column({ type: "date", name: "said_on" })
  saidOn: string;
}
