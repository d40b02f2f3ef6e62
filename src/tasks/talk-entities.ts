// Stored: what was told whom on a day, whom managers urged, what guides said that is no command, what they tapped.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("daily_note")
export class DailyNote {
  /** nudge, leftovers: of a guide; summary, picture: of an account */
  @PrimaryColumn({ type: "varchar", name: "kind", length: 12 })
  kind: string;

  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  @PrimaryColumn({ type: "int", name: "person" })
  person: number;

  /** epoch ms */
  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  /** taken, told, nothing, unreachable */
  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;
}

@Entity("guide_urge")
export class GuideUrge {
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  /** epoch ms */
  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  /** 0: nothing reached them */
  @Column({ type: "int", name: "reached", default: 1 })
  reached: number;
}

/** What a guide wants of a task whose words are being taken back. */
@Entity("guide_wish")
export class GuideWish {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  /** how it is to end, until when it is put off, or the guide's own words: a Wish as JSON */
  @Column({ type: "text", name: "move" })
  move: string;

  /** epoch ms */
  @Column({ type: "bigint", name: "wished_at", transformer: plainNumber })
  wishedAt: number;
}

@Entity("free_text")
export class FreeText {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "userid", length: 64 })
  userid: string;

  @Column({ type: "int", name: "guide_id", nullable: true })
  guideId: number | null;

  /** epoch ms */
  @Column({ type: "bigint", name: "said_at", transformer: plainNumber })
  saidAt: number;

  @Column({ type: "varchar", name: "said", length: 500 })
  said: string;

  @Column({ type: "int", name: "helped" })
  helped: number;
}

@Entity("guide_tap")
export class GuideTap {
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  /** the page's own key of this one tap */
  @PrimaryColumn({ type: "varchar", name: "tap", length: 64 })
  tap: string;

  @Column({ type: "varchar", name: "what", length: 120 })
  what: string;

  /** epoch ms */
  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  /** what it was answered, as JSON; null: still being done */
  @Column({ type: "text", name: "answer", nullable: true })
  answer: string | null;
}
