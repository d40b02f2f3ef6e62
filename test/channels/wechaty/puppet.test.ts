// Puppets by name: what is installed is made, everything else is refused in words.
import { loadPuppets } from "../../../src/channels/wechaty/puppet.js";
import { Refusal } from "../../../src/kernel/refusals.js";

test("an installed puppet is made", async () => {
  const make = await loadPuppets("wechaty-puppet-mock");
  expect(make().name()).toContain("wechaty-puppet-mock");
  expect(make()).not.toBe(make());
});

test("the service's client needs its server and token: it would ask a public address for them", async () => {
  for (const options of [
    {},
    { endpoint: "127.0.0.1:1" },
    { token: "insecure_x" },
    { endpoint: 1, token: "" },
  ])
    await expect(loadPuppets("wechaty-puppet-service", options)).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ where: "WECHATY_OPTIONS" }],
    });
});

test.each(["wechaty-puppet-nowhere", "node:fs", "../bot.js", "wechaty-puppet-wechat4u", ""])(
  "%j is refused",
  async (name) => {
    await expect(loadPuppets(name)).rejects.toBeInstanceOf(Refusal);
  },
);
