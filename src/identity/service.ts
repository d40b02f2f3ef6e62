// Signing in and out, accounts, and the links in chat cards that open a guide's own list.
import { hash, verify } from "@node-rs/argon2";
import type { Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { insertAccount, type NewAccount, passwordHash, putAccount } from "./accounts.js";
import { type ApiKeys, apiKeysIn } from "./api-keys.js";
import { attemptLimit } from "./attempts.js";
import { guideAccount, memberAccount } from "./members.js";
import { type PeopleService, peopleService } from "./people.js";
import { digestOf, readLink, signLink } from "./secrets.js";
import { type OpenedSession, type Session, sessionsIn } from "./sessions.js";
import type { Role } from "./viewer.js";

export interface IdentityParts {
  store: Store;
  world: World;
  zone: string;
  /** 32 bytes; signs the links */
  key: Buffer;
}

export interface IdentityService {
  /** Signs in with a password from an address. Raises `not_signed_in`, or `too_many` after repeated failures. */
  signIn(asked: { login: string; password: string; ip: string }): Promise<OpenedSession>;
  /** Ends the session a token opens; an unknown token is no fault. */
  signOut(token: string): Promise<void>;
  /** Whose session a token opens now. */
  sessionOf(token: string): Promise<Session | undefined>;
  /** A new account; returns its id. Raises `conflict` when the login is taken, `invalid` for a weak password. */
  createAccount(account: NewAccount): Promise<number>;
  /** Sets a password and ends the account's sessions. */
  setPassword(accountId: number, password: string): Promise<void>;
  /** Shuts an account out, at once. */
  disable(accountId: number): Promise<void>;
  /** A signed token for a chat card: opens this guide's list until an instant (epoch ms). */
  linkFor(guideId: number, until: number): string;
  /** The guide a link speaks of while it is good; undefined otherwise. Spends nothing. */
  guideOfLink(token: string): number | undefined;
  /** Opens a session by a link, LINK_USES times in all. Raises `not_signed_in` when it is wrong, past or used up. */
  openLink(token: string): Promise<OpenedSession>;
  /** Opens a session for a member of the chat system; undefined for one who is nobody's here, or has left. */
  openMember(userid: string, at: "phone" | "desk"): Promise<OpenedSession | undefined>;
  /** Drops what has expired. */
  prune(): Promise<void>;
  keys: ApiKeys;
  /** accounts as HQ keeps them, and one's own password */
  people: PeopleService;
}

const QUARTER_HOUR = 900_000;
/** A guide's phone, tablet and desk, with one to spare for a lost session; whom it is passed on to soon finds it shut. */
const LINK_USES = 5;

/** Accounts, sessions, links and keys over one database. */
export function identityService(parts: IdentityParts): IdentityService {
  const { store, world, key } = parts;
  const sessions = sessionsIn(store, parts.zone);
  const claimOf = (token: string) => {
    const claim = readLink(token, key);
    return claim && claim.until > world.now() ? claim : undefined;
  };
  return {
    signIn: signInOf(parts, sessions.open),
    signOut: sessions.close,
    sessionOf: (token) => sessions.find(token, world.now()),
    createAccount: (account) => createAccount(store, account),
    async setPassword(accountId, password) {
      await updateAccount(store, "password_hash = ?", [await passwordHash(password), accountId]);
      await sessions.closeAll(accountId);
    },
    async disable(accountId) {
      await updateAccount(store, "disabled = 1", [accountId]);
      await sessions.closeAll(accountId);
    },
    linkFor: (guideId, until) => signLink({ guideId, until }, key),
    guideOfLink: (token) => claimOf(token)?.guideId,
    async openLink(token) {
      const claim = claimOf(token);
      if (!claim) throw stale();
      const accountId = await spendLink(store, token, claim);
      const opened = await sessions.open(accountId, "guide", world.now());
      if (!opened) throw stale();
      return opened;
    },
    async openMember(userid, at) {
      const now = world.now();
      const today = shopDayOf(now, parts.zone);
      const account = await store.write((sql) =>
        memberAccount(sql, userid, { at, today }, insertAccount(store)),
      );
      return account && sessions.open(account.accountId, account.role, now);
    },
    prune: () => prune(store, world.now()),
    keys: apiKeysIn(store),
    people: peopleService(parts),
  };
}

interface AccountRow {
  id: number;
  role: Role;
  password_hash: string;
}

function signInOf({ store, world }: IdentityParts, open: ReturnType<typeof sessionsIn>["open"]) {
  // Ten wrong passwords for one login, or fifty from one address (a shop's guides share theirs), in a quarter hour.
  const byLogin = attemptLimit(10, QUARTER_HOUR);
  const byIp = attemptLimit(50, QUARTER_HOUR);
  // Verified when nobody has this login, so that the answer takes as long as a wrong password.
  const nobody = hash("nobody has this password");
  return async (asked: { login: string; password: string; ip: string }): Promise<OpenedSession> => {
    const [login, now] = [asked.login.trim().toLowerCase(), world.now()];
    if (!byIp.take(asked.ip, now) || !byLogin.take(login, now))
      throw new Refusal("too_many", "登录尝试次数过多，请 15 分钟后再试。");
    const select = "SELECT id, role, password_hash FROM account WHERE login = ? AND disabled = 0";
    const account = await store.read.row<AccountRow>(select, [login]);
    const isRight = await verify(account?.password_hash || (await nobody), asked.password);
    const opened = account?.password_hash && isRight ? await open(account.id, account.role, now) : undefined;
    if (!opened) throw new Refusal("not_signed_in", "账号或密码不正确。");
    byLogin.clear(login);
    byIp.giveBack(asked.ip);
    return opened;
  };
}

async function createAccount(store: Store, account: NewAccount): Promise<number> {
  const hashed = await passwordHash(account.password);
  return store.write((sql) => putAccount(sql, account, hashed));
}

async function updateAccount(store: Store, set: string, params: (string | number)[]): Promise<void> {
  const { affected } = await store.write((sql) => sql.run(`UPDATE account SET ${set} WHERE id = ?`, params));
  if (affected === 0) throw new Refusal("not_found", "没有这个账号。");
}

/** Counts a link's use and gives its guide's account, made on the way for who never had one (without a password). */
async function spendLink(
  store: Store,
  token: string,
  claim: { guideId: number; until: number },
): Promise<number> {
  const digest = digestOf(token);
  // not an ignored insert: that keeps a shared lock, and two who then count wait for each other
  const upsert = store.dialect.onConflict(["digest"], ["expires_at"]);
  return store.write(async (sql) => {
    const first = `INSERT INTO link_use (digest, uses, expires_at) VALUES (?, 0, ?)${upsert}`;
    await sql.run(first, [digest, claim.until]);
    const use = "UPDATE link_use SET uses = uses + 1 WHERE digest = ? AND uses < ?";
    if ((await sql.run(use, [digest, LINK_USES])).affected === 0) throw stale();
    const select = "SELECT id, name FROM guide WHERE id = ?";
    const guide = await sql.row<{ id: number; name: string }>(select, [claim.guideId]);
    if (!guide) throw stale();
    return guideAccount(sql, guide, insertAccount(store));
  });
}

function stale(): Refusal {
  return new Refusal("not_signed_in", "这个链接已失效，请从企业微信里最新的任务卡片进入。");
}

async function prune(store: Store, now: number): Promise<void> {
  await store.write(async (sql) => {
    await sql.run("DELETE FROM session WHERE expires_at <= ?", [now]);
    await sql.run("DELETE FROM link_use WHERE expires_at <= ?", [now]);
  });
}
