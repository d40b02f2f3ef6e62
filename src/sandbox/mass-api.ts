// The API of enterprise mass send: make a task, list tasks, read who confirmed and who got what, remind, stop.
import {
  ApiError,
  cursorAfter,
  cursorField,
  type Endpoints,
  type Fields,
  neededText,
  objectField,
  objectsField,
  pageSize,
  textField,
  textsField,
} from "./answers.js";
import { attachmentsOf, type ShownAttachment } from "./attachments.js";
import { externalGuide } from "./contact-api.js";
import type { Masses, MassRow } from "./masses.js";
import type { Media } from "./media.js";
import type { PersonalMasses } from "./personal-masses.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";

/** How long a new task is being dispatched: asking about it before is 41063. */
const dispatchTime = 2000;
const day = 86_400_000;

/** The calls of mass send. */
export function massEndpoints(
  ground: Ground,
  roster: Roster,
  masses: Masses,
  media: Media,
  personal: PersonalMasses,
): Endpoints {
  const api = new MassApi(ground, roster, masses, media);
  const post = (handle: (body: Fields) => Fields) => ({
    method: "POST" as const,
    handle: (request: { body: Fields }) => handle(request.body),
  });
  return {
    "externalcontact/add_msg_template": post((body) => api.create(body)),
    "externalcontact/get_groupmsg_list_v2": post((body) => personal.list(body)),
    "externalcontact/get_groupmsg_task": post((body) => api.members(body)),
    "externalcontact/get_groupmsg_send_result": post((body) => api.results(body)),
    "externalcontact/remind_groupmsg_send": post((body) => api.remind(body)),
    "externalcontact/cancel_groupmsg_send": post((body) => api.stop(body)),
  };
}

class MassApi {
  constructor(
    private readonly ground: Ground,
    private readonly roster: Roster,
    private readonly masses: Masses,
    private readonly media: Media,
  ) {}

  create(body: Fields): Fields {
    const chatType = textField(body, "chat_type") || "single";
    if (chatType !== "single") throw new ApiError(40058, "the sandbox knows chat_type single only");
    const wanted = textsField(body, "external_userid", 10_000);
    const sender = textField(body, "sender");
    if (sender === "" && wanted.length === 0)
      throw new ApiError(40058, "sender and external_userid are empty");
    if (sender === "") throw new ApiError(40058, "the sandbox does not pick a sender");
    const now = this.ground.world.now();
    const attachments = attachmentsOf(objectsField(body, "attachments"), this.media, now);
    const text = contentOf(body, attachments);
    const guide = externalGuide(this.roster, sender);
    const asked = wanted.length > 0 ? wanted : this.#everybodyOf(guide.userid);
    const { reachable, failed } = this.#sorted(guide.userid, asked);
    if (reachable.length === 0) throw new ApiError(41048, "no customer to send to");
    const mass = this.masses.create(guide.userid, reachable, { text, attachments }, now);
    return { fail_list: failed, msgid: mass.msgid };
  }

  members(body: Fields): Fields {
    const mass = this.#readable(body);
    const sent = mass.confirmed_at !== null;
    const one = { userid: mass.sender, status: sent ? 2 : 0 };
    return {
      next_cursor: "",
      task_list: [sent ? { ...one, send_time: seconds(mass.confirmed_at as number) } : one],
    };
  }

  results(body: Fields): Fields {
    const mass = this.#readable(body);
    const userid = neededText(body, "userid");
    if (!this.roster.guide(userid)?.visible) throw new ApiError(60111, "userid not found");
    const size = pageSize(body, 500, 1000);
    const theirs = userid.toLowerCase() === mass.sender.toLowerCase();
    const rows = theirs ? this.masses.customers(mass, cursorField(body), size + 1) : [];
    const page = rows.slice(0, size);
    return {
      next_cursor: cursorAfter(rows.length > size ? page.at(-1)?.ord : undefined),
      send_list: page.map((row) => ({
        external_userid: row.external_userid,
        userid: mass.sender,
        status: row.status,
        ...(row.sent_at === null ? {} : { send_time: seconds(row.sent_at) }),
      })),
    };
  }

  remind(body: Fields): Fields {
    const mass = this.#living(body);
    const now = this.ground.world.now();
    if (this.masses.remindersSince(mass, now - day) >= 3) throw new ApiError(41094, "reminded too often");
    this.masses.remind(mass, now);
    return {};
  }

  stop(body: Fields): Fields {
    this.masses.stop(this.#living(body), this.ground.world.now());
    return {};
  }

  /** A task that can be asked about; 41063 too soon after it was made. */
  #readable(body: Fields): MassRow {
    const mass = this.#living(body);
    const age = this.ground.world.now() - mass.created_at;
    if (age < dispatchTime) throw new ApiError(41063, "the mass send is being dispatched");
    return mass;
  }

  /** A task that was not stopped: 41046, 41047 and 41093 say why not. */
  #living(body: Fields): MassRow {
    const msgid = textField(body, "msgid");
    if (msgid === "") throw new ApiError(41046, "missing msgid");
    const mass = this.masses.byMsgid(msgid);
    if (!mass) throw new ApiError(41047, "invalid msgid");
    if (mass.stopped_at !== null) throw new ApiError(41093, "the mass send was cancelled");
    return mass;
  }

  #everybodyOf(userid: string): string[] {
    return this.roster.contactsOf(userid).map((contact) => contact.external_userid);
  }

  /** Whom the guide removed, or never had, cannot be sent to; whom only the customer's side ended still can. */
  #sorted(userid: string, asked: readonly string[]): { reachable: string[]; failed: string[] } {
    const reachable: string[] = [];
    const failed: string[] = [];
    for (const externalUserid of new Set(asked)) {
      const contact = this.roster.contact(userid, externalUserid);
      (contact && contact.ended_by !== "guide" ? reachable : failed).push(externalUserid);
    }
    return { reachable, failed };
  }
}

function contentOf(body: Fields, attachments: readonly ShownAttachment[]): string {
  const content = textField(objectField(body, "text") ?? {}, "content");
  if (content === "" && attachments.length === 0) throw new ApiError(40063, "text and attachments are empty");
  if (Buffer.byteLength(content) > 4000) throw new ApiError(40058, "text.content exceeds 4000 bytes");
  return content;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
