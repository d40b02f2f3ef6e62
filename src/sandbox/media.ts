// What the app uploaded: media that live three days, pictures for good, and the codes by which customers add guides.
import { fingerprint } from "./chance.js";
import type { Ground } from "./settings.js";

export type MediaType = "image" | "voice" | "video" | "file";

export interface UploadedFile {
  name: string;
  bytes: Buffer;
}

interface MediaRow {
  media_id: string;
  type: MediaType;
  name: string;
  bytes: Buffer;
  created_at: number;
}

interface CodeRow {
  config_id: string;
  userid: string;
  state: string;
}

const life = 3 * 86_400_000;

/** What a picture is by its head; undefined when it is none that WeCom takes. */
export function pictureType(bytes: Buffer): "png" | "jpg" | undefined {
  const head = bytes.toString("hex", 0, 4);
  return head === "89504e47" ? "png" : head.startsWith("ffd8ff") ? "jpg" : undefined;
}

/** Keeps uploads and codes. */
export class Media {
  readonly #put;
  readonly #forget;
  readonly #byId;
  readonly #putCode;
  readonly #code;
  readonly #count;

  constructor({ db }: Ground) {
    this.#put = db.prepare(
      "INSERT INTO media (media_id, type, name, bytes, created_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#forget = db.prepare<[number]>("DELETE FROM media WHERE created_at <= ? AND type <> 'lasting'");
    this.#byId = db.prepare<[string], MediaRow>("SELECT * FROM media WHERE media_id = ?");
    this.#putCode = db.prepare("INSERT INTO code (config_id, userid, state) VALUES (?, ?, ?)");
    this.#code = db.prepare<[string], CodeRow>("SELECT * FROM code WHERE config_id = ?");
    this.#count = db.prepare<[], { n: number }>(
      "SELECT (SELECT COALESCE(MAX(id), 0) FROM media) + (SELECT COUNT(*) FROM code) AS n",
    );
  }

  /** Keeps a file under a fresh id; those whose life is over go. `lasting`: a picture for good. */
  add(type: MediaType | "lasting", { name, bytes }: UploadedFile, at: number): string {
    this.#forget.run(at - life);
    const id = this.#freshId(name, at);
    this.#put.run(id, type, name, bytes, at);
    return id;
  }

  /** An upload that is still alive at a time. */
  living(id: string, at: number): MediaRow | undefined {
    const row = this.#byId.get(id);
    return row && (row.type as string) !== "lasting" && row.created_at > at - life ? row : undefined;
  }

  /** Any file, a picture for good among them. */
  byId(id: string): MediaRow | undefined {
    return this.#byId.get(id);
  }

  addCode(userid: string, state: string, at: number): string {
    const id = this.#freshId(userid, at);
    this.#putCode.run(id, userid, state);
    return id;
  }

  code(configId: string): CodeRow | undefined {
    return this.#code.get(configId);
  }

  #freshId(what: string, at: number): string {
    const n = this.#count.get()?.n ?? 0;
    return `${fingerprint(`${n}|${what}|${at}`).toString(36)}-${n.toString(36)}`;
  }
}
