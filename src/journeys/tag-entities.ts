// Stored: rules that give tags.
import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("tag_rule")
export class TagRule {
  @PrimaryGeneratedColumn({ type: "int", name: "id" })
  id: number;

  /** the tag it gives */
  @Column({ type: "varchar", name: "name", length: 60 })
  name: string;

  /** the audience as JSON */
  @Column({ type: "text", name: "rule" })
  rule: string;

  @Column({ type: "bigint", name: "set_at", transformer: plainNumber })
  setAt: number;

  @Column({ type: "varchar", name: "set_by", length: 64 })
  setBy: string;
}
