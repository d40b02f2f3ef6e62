// Puppets by name: what is installed is made, everything else is refused in words.
import { loadPuppet } from "../../../src/channels/wechaty/puppet.js";
import { Refusal } from "../../../src/kernel/refusals.js";

test("an installed puppet is made", async () => {
  const puppet = await loadPuppet("wechaty-puppet-mock");
  expect(puppet.name()).toContain("wechaty-puppet-mock");
});

test.each(["wechaty-puppet-nowhere", "node:fs", "../bot.js", "wechaty-puppet-wechat4u", ""])(
  "%j is refused",
  async (name) => {
    await expect(loadPuppet(name)).rejects.toBeInstanceOf(Refusal);
  },
);
