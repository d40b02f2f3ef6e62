// Mass sends guides make by themselves on their phones: sent at once, and sharing the customers' receive limit.
import {
  ApiError,
  cursorAfter,
  cursorField,
  type Fields,
  intField,
  neededText,
  pageSize,
} from "./answers.js";
import { type ShownAttachment } from "./attachments.js";
import type { Masses, MassRow } from "./masses.js";
import type { Ground } from "./settings.js";

const longestSpan = 31 * 86_400;
const corp = 0;
const personal = 1;

/** Which mass sends are personal; all others were made by the app. */
export class PersonalMasses {
  readonly #put;
  readonly #is;
  readonly #between;

  constructor(
    ground: Ground,
    private readonly masses: Masses,
  ) {
    const { db } = ground;
    db.exec("CREATE TABLE IF NOT EXISTS personal_mass (mass_id INTEGER PRIMARY KEY)");
    this.#put = db.prepare("INSERT INTO personal_mass (mass_id) VALUES (?)");
    this.#is = db.prepare<[number], { mass_id: number }>(
      "SELECT mass_id FROM personal_mass WHERE mass_id = ?",
    );
    const isPersonal = "EXISTS (SELECT 1 FROM personal_mass p WHERE p.mass_id = mass.id)";
    this.#between = db.prepare<[number, number, number, number | null, number | null, number], MassRow>(
      `SELECT * FROM mass WHERE created_at >= ? AND created_at <= ? AND id > ? AND (? IS NULL OR ${isPersonal} = ?)
       ORDER BY id LIMIT ?`,
    );
  }

  /** A guide writes to many of their customers at once and sends; gives the msgid. */
  send(userid: string, externalUserids: readonly string[], text: string, at: number): string {
    const mass = this.masses.create(userid, externalUserids, { text, attachments: [] }, at);
    this.#put.run(mass.id);
    this.masses.confirm(mass, at);
    return mass.msgid;
  }

  /** get_groupmsg_list_v2: filter_type 0 made by the app, 1 by guides, 2 (default) both. */
  list(body: Fields): Fields {
    neededText(body, "chat_type");
    const [start, end] = [intField(body, "start_time"), intField(body, "end_time")];
    if (start === undefined || end === undefined)
      throw new ApiError(40063, "start_time or end_time is empty");
    if (end < start || end - start > longestSpan) throw new ApiError(600018, "bad start_time or end_time");
    const filter = intField(body, "filter_type") ?? 2;
    if (filter < 0 || filter > 2) throw new ApiError(40058, "filter_type must be 0, 1 or 2");
    const wanted = filter === 2 ? null : filter;
    const size = pageSize(body, 50, 100);
    const span = [start * 1000, end * 1000 + 999] as const;
    const rows = this.#between.all(...span, cursorField(body), wanted, wanted, size + 1);
    const page = rows.slice(0, size);
    return {
      next_cursor: cursorAfter(rows.length > size ? page.at(-1)?.id : undefined),
      group_msg_list: page.map((mass) => this.#listed(mass)),
    };
  }

  #listed(mass: MassRow): Fields {
    const isPersonal = this.#is.get(mass.id) !== undefined;
    return {
      msgid: mass.msgid,
      // absent for those an app made
      ...(isPersonal ? { creator: mass.sender } : {}),
      create_time: Math.floor(mass.created_at / 1000),
      create_type: isPersonal ? personal : corp,
      text: { content: mass.text },
      attachments: this.masses.attachments(mass).map(listedAttachment),
    };
  }
}

function listedAttachment({ msgtype, title, mediaId, url }: ShownAttachment): Fields {
  if (msgtype === "link") return { msgtype, link: { title, url } };
  if (msgtype === "miniprogram") return { msgtype, miniprogram: { title, pic_media_id: mediaId, page: url } };
  return { msgtype, [msgtype]: { media_id: mediaId } };
}
