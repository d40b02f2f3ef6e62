// Stored: what the chat system tells of a friendship beside its days.
import { Column, Entity, PrimaryColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("follow")
export class Follow {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "bigint", name: "since", transformer: plainNumber })
  since: number;

  @Column({ type: "varchar", name: "remark", length: 64 })
  remark: string;

  @Column({ type: "varchar", name: "state", length: 64 })
  state: string;

  @Column({ type: "int", name: "add_way" })
  addWay: number;
}

@Entity("contact_tag")
export class ContactTag {
  @PrimaryColumn({ type: "int", name: "customer_id" })
  customerId: number;

  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  @PrimaryColumn({ type: "varchar", name: "tag_id", length: 64 })
  tagId: string;

  @Column({ type: "varchar", name: "standing", length: 8 })
  standing: string;
}

@Entity("corp_tag")
export class CorpTag {
  @PrimaryColumn({ type: "varchar", name: "tag_id", length: 64 })
  tagId: string;

  @Column({ type: "varchar", name: "name", length: 60 })
  name: string;

  @Column({ type: "varchar", name: "group_id", length: 64 })
  groupId: string;

  @Column({ type: "varchar", name: "group_name", length: 60 })
  groupName: string;
}
