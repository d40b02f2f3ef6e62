// A sandbox in a process of its own, on the machine's clock, so that it can be killed and started again.
// Arguments: state file, port (0: any), URL of the app's callbacks, how many customers lan has. Prints its address.
import { realWorld } from "../../src/kernel/world.js";
import { startSandbox } from "../../src/sandbox/sandbox.js";

const [statePath = "", port = "0", callbackUrl = "", count = "0"] = process.argv.slice(2);
const sandbox = await startSandbox({
  ...{ corpid: "ww5823bf96d3bd56c7", secret: "app-secret", agentid: 1000002 },
  ...{ token: "QDG6eK", aesKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" },
  ...{ world: realWorld, statePath, port: Number(port), callbackUrl, seed: "child", callbackPause: 50 },
  ...{ receiveLimitPerDay: 100, temperament: { replyShare: 0, leaves: 0 } },
});
if (!sandbox.phone("lan")) {
  const customers = Array.from({ length: Number(count) }, (_, at) => `wm-${at}`);
  sandbox.enrol({
    guides: [{ userid: "lan", name: "兰", skill: 0 }],
    customers: customers.map((externalUserid) => ({ externalUserid, name: externalUserid })),
    contacts: customers.map((externalUserid) => ({ guideUserid: "lan", externalUserid, createdAt: 0 })),
  });
}
process.stdout.write(`${sandbox.url}\n`);
for (;;) {
  await sandbox.step(realWorld.now());
  await new Promise((resolve) => setTimeout(resolve, 20));
}
