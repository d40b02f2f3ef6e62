// The WeCom adapter, unchanged, against the sandbox's HTTP.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import { startSandbox } from "../../../src/sandbox/sandbox.js";
import { app, openSandbox } from "../../sandbox/open.js";
import { describeChannel, type Rehearsal } from "../contract.js";

async function rehearsal(): Promise<Rehearsal> {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-wecom-"));
  const statePath = join(folder, "sandbox.sqlite");
  const opened = await openSandbox({ statePath });
  const { world } = opened;
  let { sandbox } = opened;
  const settings = { ...app, baseUrl: sandbox.url, archive: true, timeout: 1000 };
  const channel = new WecomChannel(settings, memoryTokenStore(), world);
  return {
    channel,
    guide: "lan",
    customers: ["wm-1", "wm-2"],
    nobody: "unseen",
    now: () => world.now(),
    pass: (ms) => world.set(world.now() + ms),
    confirm: async (providerRef) => {
      await sandbox.guideConfirms("lan", providerRef);
    },
    loseAnswer: (when) => {
      sandbox.faults.add({ path: "externalcontact/add_msg_template", kind: `timeout_${when}` });
    },
    notes: () => sandbox.phone("lan")?.messages.length ?? 0,
    lastNote: () => {
      const shown = sandbox.phone("lan")?.messages.at(-1)?.shown;
      return shown?.msgtype === "image" ? "a picture" : JSON.stringify(shown);
    },
    reached: (customer) =>
      sandbox
        .phone("lan")
        ?.chats.find((chat) => chat.externalUserid === customer)
        ?.messages.flatMap(({ text }) => (text.startsWith("[") ? [] : [text])) ?? [],
    interrupt: async () => {
      const port = Number(new URL(sandbox.url).port);
      await sandbox.close();
      sandbox = await startSandbox({ ...app, world, statePath, seed: "test", port });
    },
    close: async () => {
      channel.close();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeChannel("WeCom", rehearsal);
