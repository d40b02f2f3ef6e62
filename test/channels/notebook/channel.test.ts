// The notebook keeps what it promises, and writes everything down.
import { NotebookChannel, type NotebookEntry } from "../../../src/channels/notebook/channel.js";
import { ChannelError } from "../../../src/channels/port.js";
import { movableWorld } from "../../../src/kernel/world.js";
import { describeChannel, type Rehearsal } from "../contract.js";

const start = Date.UTC(2026, 2, 2, 1);

function rehearsal(confirmsThere: boolean): Rehearsal {
  const world = movableWorld(start);
  const channel = new NotebookChannel(world, { confirmsThere });
  channel.lose("ghost");
  return {
    channel,
    guide: "lan",
    customers: ["wm1", "wm2"],
    nobody: "ghost",
    now: () => world.now(),
    pass: (ms) => world.set(world.now() + ms),
    confirm: (providerRef) => channel.confirm(providerRef),
    loseAnswer: (when) => channel.failNext(new ChannelError("unknown", "no answer"), when),
    notes: () => channel.entries.filter((entry) => entry.kind === "told").length,
    lastNote: () => {
      const last = channel.entries.at(-1);
      if (last?.kind !== "told") return "nothing";
      return last.note.kind === "picture" ? "a picture" : JSON.stringify(last.note);
    },
    reached: async (customer) => {
      const given = channel.entries.flatMap((entry) => (entry.kind === "handedOver" ? [entry] : []));
      const asked = given.map(({ providerRef }) => ({ ref: "", providerRef, guideUserid: "lan" }));
      const outcomes = await channel.outcomes(asked);
      return given.flatMap(({ followUp }, at) =>
        outcomes[at]?.customers.some((one) => one.externalUserid === customer && one.result === "sent")
          ? [followUp.text]
          : [],
      );
    },
    close: () => undefined,
  };
}

describeChannel("the notebook", async () => rehearsal(true));
describeChannel("the notebook that delivers at once", async () => rehearsal(false));

test("every entry is heard as it is written, with its time", async () => {
  const world = movableWorld(start);
  const heard: NotebookEntry[] = [];
  const channel = new NotebookChannel(world, { onEntry: (entry) => heard.push(entry) });
  await channel.tellGuide("lan", { kind: "text", text: "早上好" });
  world.set(start + 1000);
  const { providerRef } = await channel.handOver({
    ref: "h1",
    guideUserid: "lan",
    externalUserids: ["wm1"],
    text: "好",
  });
  await channel.stop({ ref: "h1", providerRef, guideUserid: "lan" });
  expect(heard.map((entry) => [entry.kind, entry.at - start])).toEqual([
    ["told", 0],
    ["handedOver", 1000],
    ["stopped", 1000],
  ]);
  expect(channel.entries).toEqual(heard);
});

test("a result other than sent can be played", async () => {
  const channel = new NotebookChannel(movableWorld(start));
  const followUp = { ref: "h1", guideUserid: "lan", externalUserids: ["wm1", "wm2"], text: "好" };
  const { providerRef } = await channel.handOver(followUp);
  channel.confirm(providerRef, { wm2: "receive_limit" });
  const [outcome] = await channel.outcomes([{ ref: "h1", providerRef, guideUserid: "lan" }]);
  expect(outcome?.customers).toEqual([
    { externalUserid: "wm1", result: "sent", at: start },
    { externalUserid: "wm2", result: "receive_limit" },
  ]);
});
