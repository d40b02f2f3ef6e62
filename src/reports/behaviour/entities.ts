// Stored: WeCom's own figures of guides' days, apart from ours.
import { Column, Entity, PrimaryColumn } from "typeorm";
import { plainNumber } from "../../infra/columns.js";

@Entity("guide_behaviour")
export class GuideBehaviourRow {
  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  /** friend requests sent, customers added */
  @Column({ type: "int", name: "applies" })
  applies: number;

  @Column({ type: "int", name: "contacts" })
  contacts: number;

  /** chats the guide began, messages the guide wrote */
  @Column({ type: "int", name: "chats" })
  chats: number;

  @Column({ type: "int", name: "messages" })
  messages: number;

  /** customers who deleted or blocked the guide */
  @Column({ type: "int", name: "lost" })
  lost: number;

  /** of a thousand chats customers began, those answered that day; null: there was none */
  @Column({ type: "int", name: "answered_per_mille", nullable: true })
  answeredPerMille: number | null;

  @Column({ type: "int", name: "answer_minutes", nullable: true })
  answerMinutes: number | null;

  /** epoch ms of the latest reading */
  @Column({ type: "bigint", name: "read_at", transformer: plainNumber })
  readAt: number;
}
