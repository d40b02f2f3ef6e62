// The tickets that pages are signed with, the corp's and the app's, and the check of a page's signature.
import { jsapiSignature } from "../channels/wecom/crypto.js";
import { ApiError, type Endpoints, type Fields } from "./answers.js";
import { Limits } from "./limits.js";
import type { Ground } from "./settings.js";
import { Meta } from "./state.js";

const lifetime = 7200;
const hour = 3_600_000;

export type TicketKind = "corp" | "agent";

/** What a page handed to config or agentConfig. */
export interface SignedPage {
  url: string;
  timestamp: number;
  noncestr: string;
  signature: string;
}

interface Ticket {
  ticket: string;
  expiresAt: number;
}

/** Issues tickets, the same one until it expires, and judges signatures made with them. */
export class Tickets {
  readonly #meta: Meta;
  readonly #limits = {
    corp: new Limits([{ count: 400, ms: hour }]),
    agent: new Limits([{ count: 100, ms: hour }]),
  };

  constructor(private readonly ground: Ground) {
    this.#meta = new Meta(ground.db);
  }

  endpoints(): Endpoints {
    return {
      get_jsapi_ticket: { method: "GET", handle: () => this.#issue("corp") },
      "ticket/get": {
        method: "GET",
        handle: ({ query }) => {
          if (query.type !== "agent_config") throw new ApiError(40058, "invalid type");
          return this.#issue("agent");
        },
      },
    };
  }

  /** 0, or the number WeCom gives: 40093 for a wrong signature, 42012 for one by the other or an old ticket. */
  judge(kind: TicketKind, page: SignedPage): 0 | 40093 | 42012 {
    const living = this.#living(kind);
    if (living && fits(living.ticket, page)) return 0;
    const others = [this.#kept("corp"), this.#kept("agent")];
    return others.some((other) => other && fits(other.ticket, page)) ? 42012 : 40093;
  }

  #issue(kind: TicketKind): Fields {
    const now = this.ground.world.now();
    if (!this.#limits[kind].allow(kind, now)) throw new ApiError(45009, "api freq out of limit");
    const issued = this.#living(kind) ?? this.#fresh(kind, now);
    return { ticket: issued.ticket, expires_in: Math.floor((issued.expiresAt - now) / 1000) };
  }

  #kept(kind: TicketKind): Ticket | undefined {
    const text = this.#meta.get(`ticket_${kind}`);
    return text ? (JSON.parse(text) as Ticket) : undefined;
  }

  #living(kind: TicketKind): Ticket | undefined {
    const kept = this.#kept(kind);
    return kept && kept.expiresAt > this.ground.world.now() ? kept : undefined;
  }

  #fresh(kind: TicketKind, now: number): Ticket {
    const part = () => Math.floor(this.ground.world.random() * 2 ** 40).toString(36);
    const ticket = {
      ticket: `sandbox-${kind}-${part()}${part()}${part()}`,
      expiresAt: now + lifetime * 1000,
    };
    this.#meta.set(`ticket_${kind}`, JSON.stringify(ticket));
    return ticket;
  }
}

function fits(ticket: string, { signature, ...page }: SignedPage): boolean {
  return jsapiSignature({ ticket, ...page }) === signature;
}
