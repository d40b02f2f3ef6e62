// Stored: tasks, their events and edits, the list a guide last saw.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
import { plainNumber } from "../infra/columns.js";

@Entity("task")
export class Task {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "int", name: "occurrence" })
  occurrence: number;

  @Column({ type: "int", name: "slot", default: 0 })
  slot: number;

  @Column({ type: "int", name: "customer_id" })
  customerId: number;

  @Column({ type: "int", name: "child_no" })
  childNo: number;

  @Column({ type: "int", name: "version_id" })
  versionId: number;

  @Column({ type: "int", name: "guide_id", nullable: true })
  guideId: number | null;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  @Column({ type: "varchar", name: "reason", length: 32, nullable: true })
  reason: string | null;

  @Column({ type: "int", name: "priority" })
  priority: number;

  @Column({ type: "int", name: "variant" })
  variant: number;

  @Column({ type: "int", name: "late" })
  late: number;

  @Column({ type: "date", name: "due_on" })
  dueOn: string;

  @Column({ type: "date", name: "anchor_on" })
  anchorOn: string;

  @Column({ type: "date", name: "release_on" })
  releaseOn: string;

  @Column({ type: "date", name: "expires_on" })
  expiresOn: string;

  @Column({ type: "date", name: "released_on", nullable: true })
  releasedOn: string | null;

  @Column({ type: "bigint", name: "offered_at", transformer: plainNumber, nullable: true })
  offeredAt: number | null;

  @Column({ type: "int", name: "store_id", nullable: true })
  storeId: number | null;

  @Column({ type: "int", name: "region_id", nullable: true })
  regionId: number | null;

  @Column({ type: "bigint", name: "acted_at", transformer: plainNumber, nullable: true })
  actedAt: number | null;

  @Column({ type: "bigint", name: "sent_at", transformer: plainNumber, nullable: true })
  sentAt: number | null;

  @Column({ type: "bigint", name: "snoozed_until", transformer: plainNumber, nullable: true })
  snoozedUntil: number | null;

  @Column({ type: "bigint", name: "hand_over_id", transformer: plainNumber, nullable: true })
  handOverId: number | null;

  @Column({ type: "int", name: "proven", default: 0 })
  proven: number;

  @Column({ type: "int", name: "observed", default: 0 })
  observed: number;

  @Column({ type: "bigint", name: "replied_at", transformer: plainNumber, nullable: true })
  repliedAt: number | null;

  /** the owner on leave for whom guide_id stands in */
  @Column({ type: "int", name: "deputy_of", nullable: true })
  deputyOf: number | null;

  /** 1: the words reached the customer in quiet hours */
  @Column({ type: "int", name: "outside_quiet", default: 0 })
  outsideQuiet: number;
}

@Entity("task_event")
export class TaskEvent {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;

  @Column({ type: "varchar", name: "actor", length: 40 })
  actor: string;

  @Column({ type: "varchar", name: "from_state", length: 12 })
  fromState: string;

  @Column({ type: "varchar", name: "to_state", length: 12 })
  toState: string;

  @Column({ type: "varchar", name: "reason", length: 32, nullable: true })
  reason: string | null;

  @Column({ type: "varchar", name: "note", length: 250, nullable: true })
  note: string | null;
}

@Entity("task_edit")
export class TaskEdit {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "text", name: "words" })
  words: string;

  @Column({ type: "text", name: "original" })
  original: string;

  @Column({ type: "bigint", name: "edited_at", transformer: plainNumber })
  editedAt: number;

  @Column({ type: "varchar", name: "edited_by", length: 40 })
  editedBy: string;
}

@Entity("guide_list")
export class GuideList {
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  @PrimaryColumn({ type: "int", name: "position" })
  position: number;

  @Column({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "bigint", name: "listed_at", transformer: plainNumber })
  listedAt: number;
}

@Entity("guide_day")
export class GuideDay {
  @PrimaryColumn({ type: "int", name: "guide_id" })
  guideId: number;

  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  @Column({ type: "bigint", name: "list_at", transformer: plainNumber })
  listAt: number;

  @Column({ type: "varchar", name: "state", length: 12 })
  state: string;

  /** good for one change of the day's card */
  @Column({ type: "varchar", name: "card_code", length: 600, nullable: true })
  cardCode: string | null;

  /** when that change was made */
  @Column({ type: "bigint", name: "card_closed_at", transformer: plainNumber, nullable: true })
  cardClosedAt: number | null;
}

@Entity("touchpoint_plan")
export class TouchpointPlan {
  @PrimaryColumn({ type: "int", name: "touchpoint_id" })
  touchpointId: number;

  @Column({ type: "varchar", name: "slot_kind", length: 20 })
  slotKind: string;

  @Column({ type: "int", name: "wandered", default: 0 })
  wandered: number;

  @Column({ type: "date", name: "planning_on", nullable: true })
  planningOn: string | null;

  @Column({ type: "date", name: "planned_through", nullable: true })
  plannedThrough: string | null;

  @Column({ type: "int", name: "version_id", nullable: true })
  versionId: number | null;

  @Column({ type: "date", name: "again_from", nullable: true })
  againFrom: string | null;
}

@Entity("task_reminder")
export class TaskReminder {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "int", name: "guide_id" })
  guideId: number;

  @Column({ type: "bigint", name: "at", transformer: plainNumber })
  at: number;
}

@Entity("bundle_part")
export class BundlePart {
  @PrimaryColumn({ type: "bigint", name: "lead_id", transformer: plainNumber })
  leadId: number;

  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;
}

/** A task that failed for good, and who knows of it. */
@Entity("task_closing")
export class TaskClosing {
  @PrimaryColumn({ type: "bigint", name: "task_id", transformer: plainNumber })
  taskId: number;

  @Column({ type: "bigint", name: "closed_at", transformer: plainNumber })
  closedAt: number;

  @Column({ type: "varchar", name: "closed_by", length: 64 })
  closedBy: string;
}
