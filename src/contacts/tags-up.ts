// Tags of ours shown in the chat system: those HQ names become corp tags, and every owner's customer carries them there.
import PQueue from "p-queue";
import { ChannelError } from "../channels/port.js";
import { putPairTags, writeCorpTags } from "../customers/corp-tags.js";
import { mustBeTag } from "../customers/tag-service.js";
import { recordChange } from "../identity/audit.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { ContactParts } from "./members.js";
import { patiently } from "./patience.js";

/** The group of all tags of ours. */
export const TAG_GROUP = "Guidepost";
const NAME_LENGTH = 30;
const PIECE = 500;
const WIDTH = 3;

/** A tag shown in the chat system. */
export interface PushedLine {
  name: string;
  /** null: not made there yet, `error` says why */
  tagId: string | null;
  error: string | null;
}

export type TagsUpService = ReturnType<typeof tagsUpService>;

/** Tags towards the chat system. */
export function tagsUpService(parts: ContactParts) {
  const { store, world } = parts;
  return {
    list: (): Promise<PushedLine[]> =>
      store.read.rows<PushedLine>("SELECT name, tag_id AS tagId, error FROM pushed_tag ORDER BY name"),

    /** Names a tag that guides shall see. Raises `invalid`. */
    add: async (name: string, by: string): Promise<void> => {
      mustBeTag(name);
      if ([...name].length > NAME_LENGTH)
        throw new Refusal("invalid", "标签名称不对。", [
          { where: "tag", value: name, expected: `at most ${NAME_LENGTH} characters` },
        ]);
      const at = world.now();
      await store.write(async (sql) => {
        const insert = `${sql.dialect.insertIgnore} INTO pushed_tag (name, said_by, said_at) VALUES (?, ?, ?)`;
        await sql.run(insert, [name, by, at]);
        await recordChange(sql, { at, by, action: "wecom-tag.add", subject: `tag:${name}`, after: { name } });
      });
    },

    /** Shows a tag no more; what is marked stays until somebody takes it off there. Raises `not_found`. */
    remove: (name: string, by: string): Promise<void> =>
      store.write(async (sql) => {
        const { affected } = await sql.run("DELETE FROM pushed_tag WHERE name = ?", [name]);
        if (affected === 0) throw new Refusal("not_found", `标签「${name}」没有同步到企业微信。`);
        const change = { action: "wecom-tag.remove", subject: `tag:${name}`, before: { name } };
        await recordChange(sql, { at: world.now(), by, ...change });
      }),

    /** Makes the corp tags and marks what differs. Gives how many pairs were marked. */
    push: () => pushTags(parts),
  };
}

interface Marking {
  customerId: number;
  guideId: number;
  userid: string;
  externalUserid: string;
  tagId: string;
  /** 1: to be given; 0: to be taken away */
  turn: number;
}

async function pushTags(parts: ContactParts): Promise<{ marked: number; failed: number }> {
  await makeTags(parts);
  const sum = { marked: 0, failed: 0 };
  for (let after = 0; ; ) {
    const page = await differences(parts, after);
    if (page.length === 0) return sum;
    after = page.at(-1)?.customerId ?? after;
    const pairs = new Map<string, Marking[]>();
    for (const one of page) {
      const key = `${one.customerId} ${one.guideId}`;
      pairs.set(key, [...(pairs.get(key) ?? []), one]);
    }
    // one call for a pair: two at once would be refused
    const queue = new PQueue({ concurrency: WIDTH });
    await queue.addAll(
      [...pairs.values()].map((pair) => async () => {
        if (await mark(parts, pair)) sum.marked++;
        else sum.failed++;
      }),
    );
  }
}

/** A tag of this name in our group, found or made: read first, for a name there cannot be made again. */
async function makeTags({ store, world, directory }: ContactParts): Promise<void> {
  const wanted = await store.read.rows<{ name: string }>("SELECT name FROM pushed_tag WHERE tag_id IS NULL");
  if (wanted.length === 0) return;
  const there = await patiently(world, () => directory.tags());
  for (const { name } of wanted) {
    const own = there.find((tag) => tag.groupName === TAG_GROUP && tag.name === name);
    try {
      const tag = own ?? (await patiently(world, () => directory.addTag(TAG_GROUP, name)));
      if (!own) there.push(tag);
      await store.write((sql) =>
        sql.run("UPDATE pushed_tag SET tag_id = ?, error = NULL WHERE name = ?", [tag.id, name]),
      );
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const why = error.message.slice(0, 250);
      await store.write((sql) => sql.run("UPDATE pushed_tag SET error = ? WHERE name = ?", [why, name]));
    }
  }
  await store.write((sql) => writeCorpTags(sql, there, world.now()));
}

/** Whole customers after one, in order: tags their owner's pair lacks, and tags of ours they do not carry any more. */
async function differences({ store, world, zone }: ContactParts, after: number): Promise<Marking[]> {
  const today = shopDayOf(world.now(), zone);
  const carried = `EXISTS (SELECT 1 FROM customer_tag t WHERE t.customer_id = c.id AND t.name = p.name AND t.source <> 'wecom')`;
  const alive = `JOIN guide g ON g.id = k.guide_id AND (g.left_on IS NULL OR g.left_on > ?)
    WHERE k.ended_on IS NULL AND c.merged_into IS NULL AND c.id > ?`;
  const fields = "c.id AS customerId, g.id AS guideId, g.userid, c.external_userid AS externalUserid";
  const rows = await store.read.rows<Marking>(
    `SELECT * FROM (
       SELECT DISTINCT ${fields}, p.tag_id AS tagId, 1 AS turn FROM pushed_tag p
       JOIN customer_tag x ON x.name = p.name AND x.source <> 'wecom' JOIN customer c ON c.id = x.customer_id
       JOIN contact k ON k.customer_id = c.id AND k.guide_id = c.guide_id ${alive} AND p.tag_id IS NOT NULL
         AND EXISTS (SELECT 1 FROM follow f WHERE f.customer_id = c.id AND f.guide_id = k.guide_id)
         AND NOT EXISTS (SELECT 1 FROM contact_tag y
           WHERE y.customer_id = c.id AND y.guide_id = k.guide_id AND y.tag_id = p.tag_id)
       UNION ALL
       SELECT ${fields}, p.tag_id AS tagId, 0 AS turn FROM pushed_tag p
       JOIN contact_tag y ON y.tag_id = p.tag_id AND y.standing = 'ours' JOIN customer c ON c.id = y.customer_id
       JOIN contact k ON k.customer_id = c.id AND k.guide_id = y.guide_id ${alive} AND NOT ${carried}
     ) d ORDER BY d.customerId LIMIT ${PIECE}`,
    [today, after, today, after],
  );
  if (rows.length < PIECE) return rows;
  // the last customer may have more than fits: they come whole with the next piece
  const last = rows.at(-1)?.customerId;
  const whole = rows.filter(({ customerId }) => customerId !== last);
  return whole.length > 0 ? whole : rows;
}

async function mark(
  { store, world, directory, log }: ContactParts,
  pair: readonly Marking[],
): Promise<boolean> {
  const [one] = pair;
  if (!one) return true;
  const ids = (turn: number) => pair.filter((row) => row.turn === turn).map(({ tagId }) => tagId);
  const change = { add: ids(1), remove: ids(0) };
  try {
    await patiently(world, () => directory.markTags(one.userid, one.externalUserid, change));
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind === "operations") throw error;
    log.warn({ err: error.message }, "tags could not be marked");
    return false;
  }
  await store.write(async (sql) => {
    await putPairTags(
      sql,
      pair.filter(({ turn }) => turn === 1).map((row) => ({ ...row, standing: "ours" as const })),
    );
    for (const tagId of change.remove)
      await sql.run("DELETE FROM contact_tag WHERE customer_id = ? AND guide_id = ? AND tag_id = ?", [
        ...[one.customerId, one.guideId, tagId],
      ]);
  });
  return true;
}
