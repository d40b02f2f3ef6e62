// A chat system in memory: wechaty's mock puppet, which here gives the ids of what it sends, and fails on demand.
import { mock, PuppetMock } from "wechaty-puppet-mock";
import type { Puppet } from "../../../src/channels/wechaty/bot.js";
import { WechatyChannel, type WechatyOptions } from "../../../src/channels/wechaty/channel.js";
import { realWorld } from "../../../src/kernel/world.js";

/** Somebody with an account. */
export type MockPerson = ReturnType<mock.Mocker["createContact"]>;

/** What the next send does instead of succeeding. */
export type Mishap = "fails before" | "fails after" | "hangs";

class Gateway extends PuppetMock {
  readonly mishaps: Mishap[] = [];

  override async messageSendText(conversationId: string, text: string): Promise<void> {
    const mishap = this.mishaps.shift();
    if (mishap === "fails before") throw new Error("gateway gone");
    if (mishap === "hangs") return new Promise(() => undefined);
    await super.messageSendText(conversationId, text);
    if (mishap === "fails after") throw new Error("gateway gone");
    // the base class says void; real puppets give the id
    return [...this.mocker.cacheMessagePayload.keys()].at(-1) as never;
  }
}

export interface Stage {
  channel: WechatyChannel;
  mocker: mock.Mocker;
  puppet: Gateway;
  self: MockPerson;
  customers: MockPerson[];
}

/** A guide's account with two customers, logged in unless `login` is false. */
export async function openStage(
  options: Partial<WechatyOptions> & Pick<WechatyOptions, "events">,
  login = true,
): Promise<Stage> {
  const mocker = new mock.Mocker();
  const puppet = new Gateway({ mocker });
  const contact = (id: string) => mocker.createContact({ id, name: id, friend: true });
  const self = contact("g1");
  const customers = ["c1", "c2"].map(contact);
  const silent = () => undefined;
  const channel = new WechatyChannel({
    ...{
      puppet: puppet as unknown as Puppet,
      guideUserid: "g1",
      world: realWorld,
      pause: 0,
      sayTimeout: 200,
    },
    log: { info: silent, warn: silent, error: silent },
    ...options,
  });
  const starting = channel.start();
  starting.catch(() => undefined);
  if (login) setTimeout(() => mocker.login(self), 5);
  await starting;
  return { channel, mocker, puppet, self, customers };
}
