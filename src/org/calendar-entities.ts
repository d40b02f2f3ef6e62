// Stored: the brand's calendar.
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";

@Entity("calendar_day")
export class CalendarDay {
  @PrimaryColumn({ type: "date", name: "on_day" })
  onDay: string;

  @PrimaryColumn({ type: "varchar", name: "kind", length: 8 })
  kind: string;

  @Column({ type: "varchar", name: "name", length: 40 })
  name: string;
}

@Entity("calendar_name")
export class CalendarName {
  @PrimaryColumn({ type: "varchar", name: "name", length: 40 })
  name: string;

  @PrimaryColumn({ type: "int", name: "year" })
  year: number;

  @Column({ type: "date", name: "on_day", nullable: true })
  onDay: string | null;
}

@Entity("calendar_year")
export class CalendarYear {
  @PrimaryColumn({ type: "int", name: "year" })
  year: number;
}

@Entity("calendar_mark")
export class CalendarMark {
  @PrimaryGeneratedColumn({ type: "bigint", name: "id" })
  id: number;

  @Column({ type: "varchar", name: "name", length: 40 })
  name: string;

  @Column({ type: "int", name: "year" })
  year: number;
}
