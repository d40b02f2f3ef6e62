// A guide's account over a puppet in memory, for tests of the channel.
import type { Puppet } from "../../../src/channels/wechaty/bot-options.js";
import { WechatyChannel, type WechatyOptions } from "../../../src/channels/wechaty/channel.js";
import type { Presence } from "../../../src/channels/wechaty/supervisor.js";
import { realWorld } from "../../../src/kernel/world.js";
import { type Gateway, type MockPerson, People } from "./gateway.js";

export interface Stage {
  channel: WechatyChannel;
  people: People;
  mocker: People["mocker"];
  /** the newest puppet */
  puppet(): Gateway;
  /** how many puppets were made */
  made(): number;
  self: MockPerson;
  customers: MockPerson[];
  /** gaps that ended */
  gaps: Parameters<Presence["back"]>[0][];
}

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Times for tests: short where something is waited for in vain. */
export const quick = { pause: 0, say: 500, turn: 5_000, ding: 20, retry: { first: 5, most: 20 } };

/** Writes gaps down in memory. */
export function presenceIn(gaps: Stage["gaps"]): Presence {
  return {
    missingSince: async () => null,
    away: async () => undefined,
    back: async (gap) => {
      gaps.push(gap);
    },
  };
}

/** A guide's account with two customers, logged in unless `login` is false; `keeps`: the puppet keeps its messages. */
export async function openStage({
  keeps,
  login = true,
  ...options
}: Partial<WechatyOptions> & { keeps?: boolean; login?: boolean } & Pick<
    WechatyOptions,
    "events"
  >): Promise<Stage> {
  const people = new People();
  people.logsIn = login;
  const made: Gateway[] = [];
  const gaps: Stage["gaps"] = [];
  const channel = new WechatyChannel({
    puppets: () => {
      made.push(people.puppet(keeps));
      return made.at(-1) as unknown as Puppet;
    },
    ...{ guideUserid: "g1", world: realWorld, limits: quick, presence: presenceIn(gaps), log: silentLog },
    ...options,
  });
  await channel.start();
  return {
    ...{ channel, people, mocker: people.mocker, gaps, self: people.self, customers: people.customers },
    puppet: () => made.at(-1) as Gateway,
    made: () => made.length,
  };
}

/** The link to a puppet breaks: gRPC's way of saying so. */
export function breakLink(puppet: Gateway): void {
  const gone = { code: 14, message: "14 UNAVAILABLE: Connection dropped", details: "Connection dropped" };
  puppet.emit("error", gone as never);
}
