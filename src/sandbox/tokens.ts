// gettoken and the check of every call's token: the same one until it expires by the simulated clock.
import { ApiError, type Endpoints } from "./answers.js";
import { Limits } from "./limits.js";
import type { Ground } from "./settings.js";
import { Meta } from "./state.js";

const lifetime = 7200;
const hour = 3_600_000;

interface Issued {
  token: string;
  expiresAt: number;
}

/** Issues and checks the app's access token. */
export class Tokens {
  readonly #meta: Meta;
  /** the state file belongs to one process, so what was read once stays true */
  #kept: Issued | undefined;
  /** an address with too many faulty calls is blocked for an hour, whatever it asks then */
  readonly #failures = new Limits([{ count: 2000, ms: hour }]);
  #banned = 0;

  constructor(private readonly ground: Ground) {
    this.#meta = new Meta(ground.db);
    const text = this.#meta.get("token");
    if (text) this.#kept = JSON.parse(text) as Issued;
  }

  endpoints(): Endpoints {
    return { gettoken: { method: "GET", handle: ({ query }) => this.#issue(query) } };
  }

  /** Throws 41001, 40014 or 42001 unless the token is the living one. */
  check(token: string | undefined): void {
    if (!token) throw new ApiError(41001, "access_token missing");
    const issued = this.#kept;
    if (issued?.token !== token) {
      const old = token === this.#meta.get("old_token");
      throw old ? new ApiError(42001, "access_token expired") : new ApiError(40014, "invalid access_token");
    }
    if (issued.expiresAt <= this.ground.world.now()) throw new ApiError(42001, "access_token expired");
  }

  /** The living token dies before its time. */
  kill(): void {
    const issued = this.#kept;
    if (issued) this.#save({ ...issued, expiresAt: 0 });
  }

  #issue(query: Record<string, string>): { access_token: string; expires_in: number } {
    const now = this.ground.world.now();
    if (now < this.#banned) throw new ApiError(45009, "api freq out of limit");
    if (!query.corpid) throw new ApiError(41002, "corpid missing");
    if (!query.corpsecret) throw new ApiError(41004, "corpsecret missing");
    if (query.corpid !== this.ground.options.corpid) throw this.#failed(now, 40013, "invalid corpid");
    if (query.corpsecret !== this.ground.options.secret) throw this.#failed(now, 40001, "invalid credential");
    const issued = this.#living(now) ?? this.#fresh(now);
    return { access_token: issued.token, expires_in: Math.floor((issued.expiresAt - now) / 1000) };
  }

  #failed(now: number, errcode: number, errmsg: string): ApiError {
    if (!this.#failures.allow("failed", now)) this.#banned = now + hour;
    return new ApiError(errcode, errmsg);
  }

  #living(now: number): Issued | undefined {
    const issued = this.#kept;
    return issued && issued.expiresAt > now ? issued : undefined;
  }

  #fresh(now: number): Issued {
    const old = this.#kept;
    if (old) this.#meta.set("old_token", old.token);
    const count = Number(this.#meta.get("tokens") ?? 0) + 1;
    this.#meta.set("tokens", String(count));
    const secret = this.ground.world.random().toString(36).slice(2);
    const issued = { token: `sandbox-${count}-${secret}`, expiresAt: now + lifetime * 1000 };
    this.#save(issued);
    return issued;
  }

  #save(issued: Issued): void {
    this.#kept = issued;
    this.#meta.set("token", JSON.stringify(issued));
  }
}
