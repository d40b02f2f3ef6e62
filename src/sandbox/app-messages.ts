// message/send: what the app tells guides, with the silent losses WeCom has for whoever sends too much.
import { ApiError, type Endpoints, type Fields, intField, textField } from "./answers.js";
import { readMessage, type Shown } from "./cards.js";
import { fingerprint } from "./chance.js";
import { Limits } from "./limits.js";
import type { GuideRow, Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const minute = 60_000;
const usualRepeatWindow = 1800;
const longestRepeatWindow = 14_400;

export interface AppMessageRow {
  id: number;
  userid: string;
  at: number;
  msgid: string;
  msgtype: Shown["msgtype"];
  /** a Shown as JSON */
  content: string;
  task_id: string | null;
}

/** Keeps what the app told whom. */
export class AppMessages {
  /** hears what a guide's phone shows */
  hearer: ((guide: GuideRow, shown: Shown, at: number) => void) | undefined;
  readonly #put;
  readonly #repeated;
  readonly #ofGuide;
  readonly #byTask;
  readonly #perMember = new Limits([
    { count: 30, ms: minute },
    { count: 1000, ms: 60 * minute },
  ]);
  #sent = 0;

  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
    private readonly callbacks: () => boolean,
  ) {
    const { db } = ground;
    this.#put = db.prepare(
      "INSERT INTO app_message (userid, at, msgid, msgtype, content, digest, task_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#repeated = db.prepare<[string, number], { id: number }>(
      "SELECT id FROM app_message WHERE digest = ? AND at > ? LIMIT 1",
    );
    this.#ofGuide = db.prepare<[string, number], AppMessageRow>(
      "SELECT * FROM app_message WHERE userid = ? ORDER BY id DESC LIMIT ?",
    );
    this.#byTask = db.prepare<[string, string], AppMessageRow>(
      "SELECT * FROM app_message WHERE task_id = ? AND userid = ?",
    );
    this.#sent =
      db.prepare<[], { n: number }>("SELECT COALESCE(MAX(id), 0) AS n FROM app_message").get()?.n ?? 0;
  }

  endpoints(): Endpoints {
    return { "message/send": { method: "POST", handle: ({ body }) => this.#send(body) } };
  }

  /** What a guide was told last, oldest first. */
  ofGuide(userid: string, limit: number): AppMessageRow[] {
    return this.#ofGuide.all(userid, limit).reverse();
  }

  /** Keeps what a guide typed into the app, so that the phone shows both sides. */
  keepSaid(userid: string, text: string, at: number): void {
    const said: Shown = { msgtype: "said", text };
    this.#put.run(userid, Math.round(at), "", said.msgtype, JSON.stringify(said), "", null);
  }

  card(userid: string, cardId: string): AppMessageRow | undefined {
    return this.#byTask.get(cardId, userid);
  }

  #send(body: Fields): Fields {
    if (intField(body, "agentid") !== this.ground.options.agentid) {
      throw new ApiError(301002, "agentid is not of this token");
    }
    const { guides, invalid } = this.#receivers(body);
    const shown = readMessage(body, this.callbacks());
    const cardId = shown.msgtype === "template_card" ? shown.cardId : "";
    if (cardId !== "" && guides.some((guide) => this.#usedBefore(body, guide, cardId))) {
      throw new ApiError(42014, "task_id was used before");
    }
    const msgid = `sandbox-app-${(++this.#sent).toString(36)}-${this.ground.world.now().toString(36)}`;
    for (const guide of guides) this.#show(guide, shown, msgid, body);
    return {
      // userids come back in lower case
      invaliduser: invalid.join("|").toLowerCase(),
      invalidparty: "",
      invalidtag: "",
      unlicenseduser: "",
      msgid,
      ...(shown.msgtype === "template_card" && shown.buttons.length > 0
        ? { response_code: `rc-${msgid}` }
        : {}),
    };
  }

  #receivers(body: Fields): { guides: GuideRow[]; invalid: string[] } {
    const touser = textField(body, "touser");
    if (touser === "") throw new ApiError(82001, "no receiver");
    if (touser === "@all")
      return { guides: this.roster.guides().filter((guide) => guide.visible), invalid: [] };
    const userids = touser.split("|").filter(Boolean);
    if (userids.length > 1000) throw new ApiError(40032, "more than 1000 users");
    const found = userids.map((userid) => ({ userid, guide: this.roster.guide(userid) }));
    const guides = found.flatMap(({ guide }) => (guide?.visible ? [guide] : []));
    if (guides.length === 0) throw new ApiError(81013, "all receivers are invalid");
    return { guides, invalid: found.filter(({ guide }) => !guide?.visible).map(({ userid }) => userid) };
  }

  /** An identical repeat is dropped, not refused: only another card under an old id is. */
  #usedBefore(body: Fields, guide: GuideRow, cardId: string): boolean {
    return this.card(guide.userid, cardId) !== undefined && !this.#isRepeat(body, guide);
  }

  #isRepeat(body: Fields, guide: GuideRow): boolean {
    if (intField(body, "enable_duplicate_check") !== 1) return false;
    const asked = intField(body, "duplicate_check_interval") ?? usualRepeatWindow;
    const window = Math.min(asked, longestRepeatWindow) * 1000;
    return this.#repeated.get(digestOf(body, guide), this.ground.world.now() - window) !== undefined;
  }

  /** Above the member's limit, and for a repeat, nothing is shown and nobody is told. */
  #show(guide: GuideRow, shown: Shown, msgid: string, body: Fields): void {
    const at = this.ground.world.now();
    if (!this.#perMember.allow(guide.userid, at) || this.#isRepeat(body, guide)) return;
    const cardId = shown.msgtype === "template_card" && shown.cardId !== "" ? shown.cardId : null;
    const content = JSON.stringify(shown);
    this.#put.run(guide.userid, at, msgid, shown.msgtype, content, digestOf(body, guide), cardId);
    this.hearer?.(guide, shown, at);
  }
}

function digestOf(body: Fields, guide: GuideRow): string {
  return fingerprint(JSON.stringify({ ...body, touser: guide.userid })).toString(36);
}
