// The API over HTTP as WeCom speaks it: errcode in a 200, an unknown path 404 and empty, faults when asked for.
import type { Context } from "koa";
import { ApiError, type Endpoint, type Endpoints, type Fields } from "./answers.js";
import { contactEndpoints } from "./contact-api.js";
import type { Fault } from "./faults.js";
import { Limits } from "./limits.js";
import { DeafSockets, preventsCall, spoilAnswer, throwFault, usualRestart } from "./line-faults.js";
import { massEndpoints } from "./mass-api.js";
import { mediaEndpoints } from "./media-api.js";
import { isFields, readSent, type Sent } from "./requests.js";
import type { Stage } from "./stage.js";
import { statisticsEndpoints } from "./statistics-api.js";
import { tagEndpoints } from "./tag-api.js";
import { transferEndpoints } from "./transfer-api.js";
import { wayEndpoints } from "./way-api.js";
import { welcomeEndpoints } from "./welcome-api.js";

const minute = 60_000;
const withoutToken = new Set(["gettoken"]);

/** Answers everything under /cgi-bin/. */
export class Api {
  readonly #endpoints: Map<string, Endpoint>;
  readonly #limits: Limits;
  readonly #open = new Map<string, number>();
  readonly #deaf = new DeafSockets();

  /** `restart` lets nobody listen for so many ms. */
  constructor(
    private readonly stage: Stage,
    private readonly restart: (ms: number) => void,
  ) {
    const { roster, masses, personalMasses, media, tokens, logins, tickets, appMessages, ground } = stage;
    const { directory, transfers, chats } = stage;
    const all: Endpoints = {
      ...tokens.endpoints(),
      ...logins.endpoints(),
      ...tickets.endpoints(),
      ...appMessages.endpoints(),
      ...contactEndpoints(roster, directory),
      ...tagEndpoints(ground, roster, directory),
      ...wayEndpoints(ground, roster, media, directory),
      ...transferEndpoints({ ground, roster, state: directory, transfers }),
      ...welcomeEndpoints(ground, roster, chats, directory, media),
      ...massEndpoints(ground, roster, masses, media, personalMasses),
      ...statisticsEndpoints(ground, roster),
      ...mediaEndpoints(ground, media),
    };
    this.#endpoints = new Map(Object.entries(all));
    const { perMinute, perHour } = ground.options.limits;
    this.#limits = new Limits([
      { count: perMinute, ms: minute },
      { count: perHour, ms: 60 * minute },
    ]);
  }

  /** Every path answered, after /cgi-bin/. */
  paths(): string[] {
    return [...this.#endpoints.keys()];
  }

  /** Answers one call; `path` is after /cgi-bin/. */
  async answer(ctx: Context, path: string): Promise<void> {
    const endpoint = this.#endpoints.get(path);
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const sent = await readSent(ctx);
    if (this.#deaf.has(ctx)) {
      ctx.respond = false;
      return;
    }
    ctx.status = 404;
    ctx.body = "";
    const fault = endpoint ? this.stage.faults.take(path) : undefined;
    if (endpoint) {
      const request = { query, ...sent, origin: `http://${ctx.host}` };
      await this.#answerKnown(ctx, path, endpoint, request, fault);
    }
    this.stage.ground.options.onExchange?.({
      ...{ method: ctx.method, path, query, status: ctx.status },
      body: sent.file ? { media: { filename: sent.file.name, size: sent.file.bytes.length } } : sent.body,
      answer: ctx.respond === false ? undefined : ctx.body,
      ...(fault ? { fault: fault.kind } : {}),
    });
  }

  async #answerKnown(
    ctx: Context,
    path: string,
    endpoint: Endpoint,
    sent: Sent,
    fault: Fault | undefined,
  ): Promise<void> {
    if (!fault || !preventsCall(fault.kind)) {
      this.#open.set(path, (this.#open.get(path) ?? 0) + 1);
      try {
        // lets the calls that arrived together be counted together
        await Promise.resolve();
        ctx.status = fault?.kind === "http_500" ? 500 : 200;
        ctx.body = ctx.status === 200 ? this.#run(ctx.method, path, endpoint, sent, fault) : "";
      } finally {
        this.#open.set(path, (this.#open.get(path) ?? 1) - 1);
      }
    }
    if (!fault) return;
    spoilAnswer(ctx, fault);
    if (fault.kind === "half_open") this.#deaf.add(ctx);
    if (fault.kind.startsWith("restart")) {
      ctx.respond = false;
      this.restart(fault.lateBy ?? usualRestart);
    }
  }

  #run(method: string, path: string, endpoint: Endpoint, sent: Sent, fault: Fault | undefined): Fields {
    try {
      this.#check(path, sent.query, fault);
      if (method !== endpoint.method) throw new ApiError(40063, "wrong HTTP method");
      const { body, file } = sent;
      if (endpoint.method === "POST" && !file && !isFields(body))
        throw new ApiError(40058, "Warning: wrong json format.");
      const answer = endpoint.handle({ ...sent, body: isFields(body) ? body : {} });
      return { errcode: 0, errmsg: "ok", ...answer };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { errcode: error.errcode, errmsg: error.message };
    }
  }

  #check(path: string, query: Record<string, string>, fault: Fault | undefined): void {
    if ((this.#open.get(path) ?? 0) > this.stage.ground.options.limits.parallel) {
      throw new ApiError(45033, "api concurrent out of limit");
    }
    if (!this.#limits.allow(path, this.stage.ground.world.now()))
      throw new ApiError(45009, "api freq out of limit");
    if (fault) throwFault(fault, this.stage.tokens);
    if (!withoutToken.has(path)) this.stage.tokens.check(query.access_token);
  }
}
