// How the chat system does, as HQ reads it: its calls and what is left of their limits, and what waits on either side.
import { type ApiCalls, callsSince } from "../channels/calls.js";
import { permitsLeft, type RateLimit } from "../infra/rates.js";
import type { Sql, Store } from "../infra/store.js";
import type { HandOverState } from "./hand-overs.js";

/** An API with what is left of its limits. */
export interface ApiHealth extends ApiCalls {
  /** of `count` in `ms`, so many are left */
  limits: (RateLimit & { left: number })[];
  /** the chat system asked for a rest until then (epoch ms); 0: it did not */
  restsUntil: number;
}

/** What waits to be worked off. Instants are epoch ms, null for none. */
export interface Inflow {
  /** pushes stored and not worked off, and the oldest of them */
  stored: number;
  oldestAt: number | null;
  /** pushes given up after several tries */
  failed: number;
  /** the latest push that came */
  latestAt: number | null;
  /** when the latest archived message was written, of the latest that came */
  messageAt: number | null;
}

/** What is on its way out, in hand-overs and the tasks' marks. */
export interface Outflow {
  /** to be called now, and since when the oldest of them (epoch ms) */
  due: number;
  dueSince: number | null;
  /** to be called later: tried again, or waiting for their hour */
  later: number;
  /** with their guides */
  waiting: number;
  /** called, no answer yet · no answer came · only the guide can tell · being taken back */
  creating: number;
  unknown: number;
  asking: number;
  stopping: number;
  /** dates whose tasks, pairs whose replies, and days whose figures are owed */
  marks: { anchors: number; credits: number; figures: number };
}

/** What a chat system tells of its limits; channels without have none. */
export interface LimitSource {
  /** as published or set */
  limitsOf(api: string): readonly RateLimit[];
  /** the shared count, as stored */
  countOf(api: string): Promise<string | null>;
}

export interface ChannelHealth {
  channel: string;
  /** undefined: it does not say */
  isThere: boolean | undefined;
  apis: ApiHealth[];
  inflow: Inflow;
  outflow: Outflow;
}

/** Hours of calls that are looked at. */
export const LOOKED_HOURS = 24;

export interface HealthParts {
  store: Pick<Store, "read">;
  channel: { name: string; isThere?: () => boolean };
  limits: LimitSource | undefined;
}

/** Reads all of it. */
export async function channelHealth(
  { store, channel, limits }: HealthParts,
  now: number,
): Promise<ChannelHealth> {
  const [apis, inflow, outflow] = await Promise.all([
    apisOf(store.read, channel.name, limits, now),
    inflowOf(store.read, channel.name),
    outflowOf(store.read, now),
  ]);
  return { channel: channel.name, isThere: channel.isThere?.(), apis, inflow, outflow };
}

async function apisOf(
  sql: Sql,
  channel: string,
  limits: LimitSource | undefined,
  now: number,
): Promise<ApiHealth[]> {
  const calls = await callsSince(sql, channel, now - LOOKED_HOURS * 3_600_000);
  return Promise.all(
    calls.map(async (one): Promise<ApiHealth> => {
      const own = limits?.limitsOf(one.api) ?? [];
      const count = limits && own.length > 0 ? await limits.countOf(one.api) : null;
      const { left, until } = permitsLeft(count, own, now);
      return {
        ...one,
        restsUntil: until,
        limits: own.map((limit, at) => ({ ...limit, left: left[at] ?? 0 })),
      };
    }),
  );
}

async function inflowOf(sql: Sql, channel: string): Promise<Inflow> {
  const [waiting, latest, messages] = await Promise.all([
    sql.rows<{ state: "stored" | "failed"; n: number; oldest: number }>(
      `SELECT state, COUNT(*) AS n, MIN(received_at) AS oldest FROM callback
       WHERE state IN ('stored', 'failed') AND channel = ? GROUP BY state`,
      [channel],
    ),
    sql.row<{ at: number }>("SELECT received_at AS at FROM callback ORDER BY id DESC LIMIT 1"),
    sql.rows<{ at: number; source: string }>(
      "SELECT sent_at AS at, source FROM message ORDER BY id DESC LIMIT 50",
    ),
  ]);
  const stored = waiting.find(({ state }) => state === "stored");
  const failed = waiting.find(({ state }) => state === "failed");
  const archived = messages.filter(({ source }) => source !== "guide_report").map(({ at }) => Number(at));
  const known = (n: number | null | undefined) => (n == null ? null : Number(n));
  return {
    ...{ stored: Number(stored?.n ?? 0), oldestAt: known(stored?.oldest), failed: Number(failed?.n ?? 0) },
    latestAt: known(latest?.at),
    messageAt: archived.length > 0 ? Math.max(...archived) : null,
  };
}

async function outflowOf(sql: Sql, now: number): Promise<Outflow> {
  const [rows, due, marks] = await Promise.all([
    sql.rows<{ state: HandOverState; n: number }>(
      `SELECT state, COUNT(*) AS n FROM hand_over
       WHERE state IN ('ready', 'creating', 'waiting', 'stopping', 'unknown', 'asking') GROUP BY state`,
    ),
    sql.row<{ n: number; since: number | null }>(
      "SELECT COUNT(*) AS n, MIN(next_at) AS since FROM hand_over WHERE state = 'ready' AND next_at <= ?",
      [now],
    ),
    sql.row<Outflow["marks"]>(
      `SELECT (SELECT COUNT(*) FROM anchor_mark) AS anchors, (SELECT COUNT(*) FROM credit_mark) AS credits,
         (SELECT COUNT(*) FROM rollup_mark) AS figures`,
    ),
  ]);
  const counts = new Map(rows.map(({ state, n }) => [state, Number(n)]));
  const inState = (state: HandOverState) => counts.get(state) ?? 0;
  const isDue = Number(due?.n ?? 0);
  return {
    ...{
      due: isDue,
      dueSince: due?.since == null ? null : Number(due.since),
      later: inState("ready") - isDue,
    },
    ...{ waiting: inState("waiting"), creating: inState("creating"), unknown: inState("unknown") },
    ...{ asking: inState("asking"), stopping: inState("stopping") },
    marks: {
      anchors: Number(marks?.anchors ?? 0),
      credits: Number(marks?.credits ?? 0),
      figures: Number(marks?.figures ?? 0),
    },
  };
}
