// How the house runs, for who looks after it: runs of timed jobs that are alive, calls of the chat system, failures closed.
import { addColumn, createIndex, createTable } from "../src/infra/migration.js";

export const operationsMigrations = [
  // A run that goes on says so from time to time: one whose process died falls silent.
  addColumn(2701, "job_run", "beat_at", (t) => t.big),
  addColumn(2702, "job_run", "run_by", (t) => t.word(40)),
  createIndex(2703, "job_run", "job_run_state", "state, scheduled_at"),
  // How the calls of one API went in one hour, over all processes.
  createTable(
    2704,
    "channel_call",
    (t) => [
      `channel ${t.word(12)} NOT NULL`,
      `api ${t.word(80)} NOT NULL`,
      `hour_at ${t.big} NOT NULL`,
      `calls ${t.int} NOT NULL`,
      `failed ${t.int} NOT NULL`,
      `done_at ${t.big} NOT NULL`,
      `failed_at ${t.big} NOT NULL`,
      `error ${t.str(250)}`,
      "PRIMARY KEY (channel, hour_at, api)",
    ],
    "by key",
  ),
  // A task that failed for good, and somebody who knows of it: it leaves the list, its state stays.
  createTable(2705, "task_closing", (t) => [
    `task_id ${t.big} NOT NULL PRIMARY KEY`,
    `closed_at ${t.big} NOT NULL`,
    `closed_by ${t.word(64)} NOT NULL`,
  ]),
];
