// The suite every channel passes, for wechaty: a puppet in memory, one that keeps its messages, and a real puppet server.
import type { ChannelEvents, ChatMessage } from "../../../src/channels/port.js";
import { WechatyChannel } from "../../../src/channels/wechaty/channel.js";
import { realWorld } from "../../../src/kernel/world.js";
import { until } from "../../support/until.js";
import { type PuppetProcess, startPuppetServer } from "../../support/wechaty/server.js";
import { breakLink, openStage, presenceIn, quick, silentLog } from "../../support/wechaty/stage.js";
import { describeChannel, type Rehearsal } from "../contract.js";

function earOf(heard: ChatMessage[]): Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded"> {
  return {
    guideSaid: async () => undefined,
    contactAdded: async () => undefined,
    message: async (one) => {
      heard.push(one);
    },
  };
}

async function inMemory(keeps: boolean): Promise<Rehearsal> {
  const heard: ChatMessage[] = [];
  const stage = await openStage({ events: earOf(heard), keeps, attachments: ["picture", "file", "link"] });
  const { channel, people } = stage;
  return {
    ...{ channel, guide: "g1", nobody: "g2", now: () => realWorld.now(), pass: () => undefined, heard },
    customers: ["c1", "c2"],
    notes: () => people.between("g1", "g1").length,
    lastNote: () => people.between("g1", "g1").at(-1) ?? "nothing",
    // a picture has no text
    reached: (customer) =>
      people.between("g1", customer).filter((text) => text !== "" && !text.startsWith("[")),
    customerSays: (customer, text) => {
      people.customers
        .find(({ id }) => id === customer)
        ?.say(text)
        .to(people.self);
    },
    loseAnswer: (when) => people.mishaps.push(`fails ${when}`),
    interrupt: async () => {
      breakLink(stage.puppet());
      await until(() => stage.made() === 2);
    },
    close: () => channel.close(),
  };
}

let server: PuppetProcess;
beforeAll(async () => {
  server = await startPuppetServer("g1", ["c1", "c2"]);
});
afterAll(() => server.close());

async function behindServer(): Promise<Rehearsal> {
  server.forget();
  const heard: ChatMessage[] = [];
  const channel = new WechatyChannel({
    ...{ puppets: await server.puppets(), guideUserid: "g1", events: earOf(heard), world: realWorld },
    ...{ presence: presenceIn([]), log: silentLog, limits: { ...quick, say: 10_000, ding: 500 } },
    attachments: ["picture", "file", "link"],
  });
  await channel.start();
  return {
    ...{ channel, guide: "g1", nobody: "g2", now: () => realWorld.now(), pass: () => undefined, heard },
    customers: ["c1", "c2"],
    notes: () => server.sentTo("g1").length,
    lastNote: () => server.sentTo("g1").at(-1) ?? "nothing",
    reached: (customer) => server.sentTo(customer).filter((text) => !text.startsWith("[")),
    customerSays: (who, text) => server.order({ do: "customer says", who, text }),
    loseAnswer: (when) => void server.order({ do: "mishap", mishap: `fails ${when}` }),
    interrupt: () => server.restart(),
    close: () => channel.close(),
  };
}

describeChannel("wechaty over a puppet in memory", () => inMemory(false));
describeChannel("wechaty over a puppet that keeps its messages", () => inMemory(true));
describeChannel("wechaty over a puppet server", behindServer);
