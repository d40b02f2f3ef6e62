// Guides and customers living their own lives: what happens to them makes them plan, and what they planned falls due.
import type { Due } from "./agenda.js";
import { dayNumber } from "./beijing.js";
import type { Shown } from "./cards.js";
import { chance, pick } from "./chance.js";
import type { MassRow } from "./masses.js";
import * as people from "./people.js";
import { plainReplies } from "./phrases.js";
import type { EnrolledContact, GuideRow } from "./roster.js";
import type { Stage } from "./stage.js";
import { Meta } from "./state.js";
import type { Verbs } from "./verbs.js";

const newFor = 14 * 86_400_000;

/** Makes people plan on what they see and act when it is due. */
export class Actors {
  readonly #meta: Meta;
  readonly #seed: string;

  constructor(
    private readonly stage: Stage,
    private readonly verbs: Verbs,
  ) {
    this.#meta = new Meta(stage.ground.db);
    this.#seed = stage.ground.options.seed;
    stage.masses.hearer = {
      created: (mass) => this.#planToConfirm(mass, this.#noticed(mass.created_at), 0),
      reminded: (mass, at) => this.#planToConfirm(mass, at, stage.masses.remindersSince(mass, 0)),
      delivered: (mass, externalUserid, at) => this.planToAnswer(mass, externalUserid, at),
    };
    stage.appMessages.hearer = (guide, shown, at) => this.#planToType(guide, shown, this.#noticed(at));
  }

  /** New customers plan to speak first; those who came more than two weeks ago have. */
  welcome(contacts: readonly EnrolledContact[]): void {
    const since = this.stage.ground.world.now() - newFor;
    for (const { guideUserid, externalUserid, createdAt } of contacts) {
      if (createdAt < since) continue;
      for (const { at, text } of people.greetingsOf(this.#seed, externalUserid, createdAt)) {
        if (at < since) continue;
        this.stage.agenda.put({ at, kind: "greet", who: externalUserid, whom: guideUserid, what: text });
      }
    }
  }

  /** Performs what falls due at or before a time, in the order of its time; gives how many acts there were. */
  act(until: number): number {
    let acts = 0;
    // one transaction for many acts: a commit each would cost more than the acts
    const some = this.stage.ground.db.transaction(() => {
      for (let count = 0; count < 2000; count++) {
        const due = this.stage.agenda.take(until);
        if (!due) return false;
        this.#perform(due);
        acts++;
      }
      return true;
    });
    while (some()) {
      // more is due
    }
    if (acts > 0) this.#meta.set("last_act", String(until));
    return acts;
  }

  /** When nobody has acted for `ms`, some customer writes something; gives whether one did. */
  breakSilence(now: number, ms: number): boolean {
    if (now - Number(this.#meta.get("last_act") ?? 0) < ms) return false;
    const minute = Math.floor(now / ms);
    const contact = this.stage.roster.anyContact(chance(this.#seed, "silence", minute));
    if (!contact) return false;
    const text = pick(plainReplies, this.#seed, "chatter", minute);
    this.#perform({ at: now, kind: "greet", who: contact.external_userid, whom: contact.userid, what: text });
    this.#meta.set("last_act", String(now));
    return true;
  }

  #perform(due: Due): void {
    const { who, whom, what, at } = due;
    switch (due.kind) {
      case "confirm":
        this.verbs.confirm(who, whom, at);
        break;
      case "answer":
        this.verbs.guideWrites(who, whom, what, at);
        break;
      case "type":
        this.verbs.guideSays(who, what, at);
        break;
      case "leave":
        this.verbs.contactEnds(whom, who, "customer", at);
        break;
      default:
        this.#customerWrites(due);
    }
  }

  #customerWrites({ who, whom, what, at }: Due): void {
    if (this.stage.roster.contact(whom, who)?.ended_at !== null) return;
    this.verbs.customerSays(who, whom, what, at);
    const guide = this.#nature(whom);
    const back = guide && people.answersBack(this.#seed, guide, `${who} ${dayNumber(at)} ${what}`, at);
    if (back) this.stage.agenda.put({ at: back.at, kind: "answer", who: whom, whom: who, what: back.text });
  }

  #planToConfirm(mass: MassRow, from: number, reminded: number): void {
    const guide = this.#nature(mass.sender);
    const { temperament } = this.stage.ground.options;
    const at = guide && people.confirmsAt(this.#seed, guide, mass.occurrence, from, reminded, temperament);
    if (at !== undefined) {
      this.stage.agenda.put({ at, kind: "confirm", who: mass.sender, whom: mass.msgid, what: "" });
    }
  }

  /** A customer who got words may answer, or end the contact. */
  planToAnswer(
    { sender, occurrence, text }: Pick<MassRow, "sender" | "occurrence" | "text">,
    customer: string,
    at: number,
  ): void {
    const guide = this.#nature(sender);
    if (!guide) return;
    const { temperament } = this.stage.ground.options;
    const sayings = people.repliesTo(this.#seed, guide, customer, occurrence, text, at, temperament);
    for (const saying of sayings) {
      this.stage.agenda.put({
        at: saying.at,
        kind: "reply",
        who: customer,
        whom: sender,
        what: saying.text,
      });
    }
    const leaves = people.leavesAt(this.#seed, customer, occurrence, at, temperament);
    if (leaves !== undefined) {
      this.stage.agenda.put({ at: leaves, kind: "leave", who: customer, whom: sender, what: "" });
    }
  }

  /** A card makes some ask for the list; a list, once a day, makes them work on it. */
  #planToType(row: GuideRow, shown: Shown, at: number): void {
    const guide = this.#nature(row.userid);
    if (!guide) return;
    const { temperament } = this.stage.ground.options;
    if (shown.msgtype === "template_card") {
      const asks = people.asksAt(this.#seed, guide, at, temperament);
      if (asks !== undefined) this.#type(row.userid, "任务", asks);
      return;
    }
    const day = dayNumber(at);
    if (shown.msgtype !== "text" || this.#meta.get(`worked ${row.userid}`) === String(day)) return;
    const commands = people.commandsFor(this.#seed, row.userid, day, shown.text, temperament);
    if (commands.length === 0) return;
    this.#meta.set(`worked ${row.userid}`, String(day));
    commands.forEach((command, count) => {
      this.#type(row.userid, command, at + (count + 1) * 25_000);
    });
  }

  #noticed(at: number): number {
    const every = this.stage.ground.options.noticesEvery ?? 0;
    return every > 0 ? Math.ceil(at / every) * every : at;
  }

  #type(userid: string, text: string, at: number): void {
    this.stage.agenda.put({ at, kind: "type", who: userid, whom: "", what: text });
  }

  #nature(userid: string): people.GuideNature | undefined {
    const guide = this.stage.roster.guide(userid);
    if (!guide) return undefined;
    const skill = guide.skill < 0 ? people.naturalSkill(this.#seed, guide.userid) : guide.skill;
    return { userid: guide.userid, skill, factor: guide.factor };
  }
}
