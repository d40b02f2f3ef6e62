// A real PuppetServer in a process of its own, to be killed; tests run it as a child and talk to it over its channel.
// Arguments: port, guide, file that keeps what was sent (one JSON line each), customers. Answers {n} to each {n, …}.
import { appendFileSync } from "node:fs";
import type { Puppet } from "wechaty-puppet";
import { type Mishap, People } from "./gateway.js";

/** What a test may ask for. */
export type Order =
  | { n: number; do: "customer says"; who: string; text: string }
  | { n: number; do: "guide says"; text: string }
  | { n: number; do: "mishap"; mishap: Mishap }
  | { n: number; do: "logout" }
  /** its clock goes before the machine's by so much */
  | { n: number; do: "clock"; shift: number };

const [port = "", guide = "", file = "", ...customers] = process.argv.slice(2);
const people = new People(guide, customers);
people.onSent = (to, text) => appendFileSync(file, `${JSON.stringify({ to, text })}\n`);
const puppet = people.puppet();

/** Named by a variable, for the package's own types are written for another compiler. */
const packageName: string = "wechaty-puppet-service";
const { PuppetServer } = (await import(packageName)) as {
  PuppetServer: new (options: object) => { start(): Promise<void> };
};
const server = new PuppetServer({
  endpoint: `127.0.0.1:${port}`,
  puppet: puppet as unknown as Puppet,
  token: "insecure_test",
  tls: { disable: true },
});
await server.start();

const machine = Date.now.bind(Date);
process.on("message", (order: Order) => {
  if (order.do === "customer says")
    people.customers
      .find(({ id }) => id === order.who)
      ?.say(order.text)
      .to(people.self);
  if (order.do === "guide says") people.self.say(order.text).to(people.self);
  if (order.do === "mishap") people.mishaps.push(order.mishap);
  if (order.do === "clock") Date.now = () => machine() + order.shift;
  if (order.do === "logout") void puppet.logout("test");
  process.send?.({ n: order.n });
});
// whoever started it is gone
process.on("disconnect", () => process.exit(0));
process.send?.({ n: 0 });
