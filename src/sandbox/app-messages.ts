// message/send: what the app tells guides, with the silent losses WeCom has for whoever sends too much.
import {
  ApiError,
  type Endpoints,
  type Fields,
  intField,
  neededText,
  objectField,
  textField,
  textsField,
} from "./answers.js";
import { readCard, readMessage, type Shown } from "./cards.js";
import { fingerprint } from "./chance.js";
import { Limits } from "./limits.js";
import type { Media, MediaType } from "./media.js";
import { ResponseCodes } from "./response-codes.js";
import type { GuideRow, Roster } from "./roster.js";
import type { Ground } from "./settings.js";

const minute = 60_000;
const usualRepeatWindow = 1800;
const longestRepeatWindow = 14_400;
const recallWindow = 24 * 60 * minute;

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
  readonly #byMsgid;
  readonly #change;
  readonly #codes: ResponseCodes;
  readonly #perMember = new Limits([
    { count: 30, ms: minute },
    { count: 1000, ms: 60 * minute },
  ]);
  #sent = 0;

  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
    private readonly media: Media,
    private readonly callbacks: () => boolean,
  ) {
    this.#codes = new ResponseCodes(ground);
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
    this.#byMsgid = db.prepare<[string], AppMessageRow>("SELECT * FROM app_message WHERE msgid = ?");
    this.#change = db.prepare("UPDATE app_message SET content = ?, task_id = ? WHERE id = ?");
    this.#sent =
      db.prepare<[], { n: number }>("SELECT COALESCE(MAX(id), 0) AS n FROM app_message").get()?.n ?? 0;
  }

  endpoints(): Endpoints {
    return {
      "message/send": { method: "POST", handle: ({ body }) => this.#send(body) },
      "message/update_template_card": { method: "POST", handle: ({ body }) => this.#update(body) },
      "message/recall": { method: "POST", handle: ({ body }) => this.#recall(body) },
    };
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

  /** Keeps what the app answered a guide in the answer to a callback. */
  keepReply(userid: string, text: string, at: number): void {
    const shown: Shown = { msgtype: "text", text };
    this.#put.run(userid, Math.round(at), "", shown.msgtype, JSON.stringify(shown), "", null);
  }

  /** A tap's own code, good for one change of the card. */
  codeOfTap(row: AppMessageRow, at: number): string {
    return this.#codes.make(row.msgid, at);
  }

  card(userid: string, cardId: string): AppMessageRow | undefined {
    return this.#byTask.get(cardId, userid);
  }

  #send(body: Fields): Fields {
    this.#checkApp(body);
    const { guides, invalid } = this.#receivers(body);
    const shown = readMessage(body, this.callbacks(), this.#living);
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
        ? { response_code: this.#codes.make(msgid, this.ground.world.now()) }
        : {}),
    };
  }

  #checkApp(body: Fields): void {
    if (intField(body, "agentid") !== this.ground.options.agentid)
      throw new ApiError(301002, "agentid is not of this token");
  }

  readonly #living = (type: string, mediaId: string): boolean =>
    this.media.living(mediaId, this.ground.world.now())?.type === (type as MediaType);

  /** Changes a card on the phones named, for a code that is good once. */
  #update(body: Fields): Fields {
    this.#checkApp(body);
    const userids = textsField(body, "userids", 1000);
    if (userids.length === 0 && intField(body, "atall") !== 1) throw new ApiError(82101, "nobody to update");
    const button = objectField(body, "button");
    const fields = objectField(body, "template_card");
    if (!button && !fields) throw new ApiError(40058, "button or template_card is needed");
    const replaced = button ? neededText(button, "replace_name") : undefined;
    const next = fields ? readCard(fields, this.callbacks()) : undefined;
    const [code, now] = [neededText(body, "response_code"), this.ground.world.now()];
    const rows = this.#byMsgid.all(this.#codes.messageOf(code, now));
    const wanted = userids.map((userid) => userid.toLowerCase());
    const hit = userids.length === 0 ? rows : rows.filter((row) => wanted.includes(row.userid.toLowerCase()));
    if (hit.length === 0) throw new ApiError(82102, "was not a receiver");
    this.#codes.use(code, now);
    for (const row of hit) {
      const shown = next ?? { ...(JSON.parse(row.content) as Shown), replaced };
      const cardId = "cardId" in shown && shown.cardId !== "" ? shown.cardId : row.task_id;
      this.#change.run(JSON.stringify(shown), cardId, row.id);
    }
    const got = hit.map((row) => row.userid.toLowerCase());
    return { invaliduser: wanted.filter((userid) => !got.includes(userid)) };
  }

  /** Takes a message off the phones, for a day; taking it twice does nothing more. */
  #recall(body: Fields): Fields {
    const rows = this.#byMsgid.all(neededText(body, "msgid"));
    const [first] = rows;
    if (!first) throw new ApiError(40058, "msgid is not of this app");
    if (this.ground.world.now() - first.at > recallWindow) throw new ApiError(42052, "too late to recall");
    const gone: Shown = { msgtype: "text", text: "（应用撤回了一条消息）" };
    for (const row of rows) this.#change.run(JSON.stringify(gone), null, row.id);
    return {};
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
