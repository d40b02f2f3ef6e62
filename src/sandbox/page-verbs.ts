// What is tapped and typed on the sandbox's page: who does what, and why not.
import { fingerprint } from "./chance.js";
import type { Phone } from "./phone.js";
import type { EnrolledCustomer } from "./roster.js";
import type { Stage } from "./stage.js";

type Form = Record<string, string>;

/** What the page plays with; a Sandbox is one. */
export interface Player {
  phone(userid: string): Phone | undefined;
  guideConfirms(userid: string, msgid: string): Promise<boolean>;
  guideSays(userid: string, text: string): Promise<unknown>;
  guideTaps(userid: string, cardId: string, key: string): Promise<boolean>;
  guideWrites(userid: string, externalUserid: string, text: string): Promise<unknown>;
  guideSendsMass(userid: string, externalUserids: readonly string[], text: string): Promise<unknown>;
  guideRemoves(userid: string, externalUserid: string): Promise<boolean>;
  customerSays(externalUserid: string, userid: string, text: string): Promise<unknown>;
  customerLeaves(externalUserid: string, userid: string): Promise<boolean>;
  contactAdded(contact: {
    guideUserid: string;
    externalUserid: string;
    customer?: EnrolledCustomer;
  }): Promise<unknown>;
}

/** What became of it; `go`: the screen to show next. */
export interface Played {
  done: boolean;
  why?: string;
  go?: string;
}

type Verb = (player: Player, stage: Stage, form: Form) => Promise<Played>;

const noGuide: Played = { done: false, why: "没有这位导购，请核对账号" };
const noFriends: Played = { done: false, why: "两人现在不是好友" };
const nothingToTap: Played = { done: false, why: "这个按钮已经不能点了" };
const good: Played = { done: true };

const verbs: Record<string, Verb> = {
  confirm: async (player, _, { userid = "", msgid = "" }) =>
    (await player.guideConfirms(userid, msgid)) ? good : { done: false, why: "这条群发已经发送或停止" },
  guideTaps: async (player, _, { userid = "", cardId = "", key = "" }) =>
    (await player.guideTaps(userid, cardId, key)) ? good : nothingToTap,
  guideSays: async (player, stage, { userid = "", text = "" }) => {
    if (!stage.roster.guide(userid)) return noGuide;
    await player.guideSays(userid, text);
    return good;
  },
  guideWrites: async (player, stage, form) => {
    if (!areFriends(stage, form)) return noFriends;
    await player.guideWrites(form.userid ?? "", form.externalUserid ?? "", form.text ?? "");
    return good;
  },
  guideMasses: async (player, stage, { userid = "", to = "", text = "" }) => {
    if (!stage.roster.guide(userid)) return noGuide;
    const whom = contactsNamed(stage, userid, to);
    const [unknown] = whom.unknown;
    if (unknown !== undefined) return { done: false, why: `没有叫「${unknown}」的客户` };
    if (whom.ids.length === 0) return { done: false, why: "这位导购还没有客户" };
    await player.guideSendsMass(userid, whom.ids, text);
    return good;
  },
  customerSays: async (player, stage, form) => {
    if (!areFriends(stage, form)) return noFriends;
    await player.customerSays(form.externalUserid ?? "", form.userid ?? "", form.text ?? "");
    return good;
  },
  customerLeaves: async (player, _, { userid = "", externalUserid = "" }) =>
    (await player.customerLeaves(externalUserid, userid)) ? good : noFriends,
  guideRemoves: async (player, _, { userid = "", externalUserid = "" }) =>
    (await player.guideRemoves(userid, externalUserid)) ? good : noFriends,
  contactAdded: async (player, stage, { userid = "", externalUserid = "" }) => {
    const guide = stage.roster.guide(userid.trim());
    if (!guide) return noGuide;
    await player.contactAdded({ guideUserid: guide.userid, externalUserid });
    return { done: true, go: `m/${externalUserid}/${guide.userid}` };
  },
  newCustomer: async (player, stage, { userid = "", name = "" }) => {
    const guide = stage.roster.guide(userid.trim());
    if (!guide) return noGuide;
    const now = stage.ground.world.now();
    const externalUserid = `wm${fingerprint(`${name} ${userid} ${now}`).toString(36)}`;
    const customer = { externalUserid, name: name.trim() };
    await player.contactAdded({ guideUserid: guide.userid, externalUserid, customer });
    return { done: true, go: `m/${externalUserid}/${guide.userid}` };
  },
};

/** Does a verb of the page; undefined when there is no such verb. */
export async function play(
  player: Player,
  stage: Stage,
  verb: string,
  form: Form,
): Promise<Played | undefined> {
  if ("text" in form && form.text?.trim() === "") return { done: false, why: "还没有写字" };
  return Object.hasOwn(verbs, verb) ? verbs[verb]?.(player, stage, form) : undefined;
}

/** As many as WeCom's own page lets a guide choose. */
const mostOfGuide = 200;

/** Contacts by their names or ids; all of them for "" and 全部. */
function contactsNamed(stage: Stage, userid: string, to: string): { ids: string[]; unknown: string[] } {
  const ids = stage.roster.contactsOf(userid, 0, mostOfGuide).map((contact) => contact.external_userid);
  const wanted = to.split(/[\s,，、]+/).filter(Boolean);
  if (wanted.length === 0 || wanted[0] === "全部") return { ids, unknown: [] };
  const named = new Map(
    ids.flatMap((id) => [[id, id] as const, [stage.roster.customer(id)?.name ?? id, id] as const]),
  );
  const found = wanted.map((name) => ({ name, id: named.get(name) }));
  return {
    ids: [...new Set(found.flatMap(({ id }) => id ?? []))],
    unknown: found.flatMap(({ name, id }) => (id === undefined ? [name] : [])),
  };
}

function areFriends(stage: Stage, { userid = "", externalUserid = "" }: Form): boolean {
  return stage.roster.contact(userid, externalUserid)?.ended_at === null;
}
