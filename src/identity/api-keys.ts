// Keys of machines that push data to us (a CRM, the message archive): shown once, stored as a digest.
import type { Store } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { recordChange } from "./audit.js";
import { digestOf, freshToken } from "./secrets.js";

/** A machine that may push. */
export interface ApiSender {
  id: number;
  name: string;
}

/** A key as people see it afterwards: never the key itself. */
export interface ApiKeyLine extends ApiSender {
  /** epoch ms */
  createdAt: number;
  revokedAt: number | null;
}

export interface ApiKeys {
  /** A new key for a sender. The key is told this once. */
  create(name: string, now: number, by?: string): Promise<{ id: number; key: string }>;
  /** Whose key this is; undefined when nobody's or revoked. */
  find(key: string): Promise<ApiSender | undefined>;
  /** Ends a key. Raises `not_found`. */
  revoke(id: number, now: number, by?: string): Promise<void>;
  list(): Promise<ApiKeyLine[]>;
}

/** Lets a key be recognised in a file where it should not be. */
const PREFIX = "gpk_";

/** Keys kept in the database. */
export function apiKeysIn(store: Store): ApiKeys {
  return {
    async create(name, now, by = "system") {
      const key = PREFIX + freshToken();
      const insert = "INSERT INTO api_key (name, key_hash, created_at) VALUES (?, ?, ?)";
      return store.write(async (sql) => {
        const { insertedId: id } = await sql.run(insert, [name, digestOf(key), now]);
        await recordChange(sql, { at: now, by, action: "key.create", subject: `key:${id}`, after: { name } });
        return { id, key };
      });
    },
    async find(key) {
      if (!key.startsWith(PREFIX)) return undefined;
      const select = "SELECT id, name FROM api_key WHERE key_hash = ? AND revoked_at IS NULL";
      return store.read.row<ApiSender>(select, [digestOf(key)]);
    },
    async revoke(id, now, by = "system") {
      const update = "UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
      await store.write(async (sql) => {
        const { affected } = await sql.run(update, [now, id]);
        if (affected === 0) throw new Refusal("not_found", "没有这个在用的密钥。");
        await recordChange(sql, { at: now, by, action: "key.revoke", subject: `key:${id}` });
      });
    },
    list: () =>
      store.read.rows<ApiKeyLine>(
        "SELECT id, name, created_at AS createdAt, revoked_at AS revokedAt FROM api_key ORDER BY id",
      ),
  };
}
