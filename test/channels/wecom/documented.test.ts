// The adapter against a server that answers what the documents say and nothing else: once with no more than must be
// there, once with everything there may be. The sandbox has no part in it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import { movableWorld } from "../../../src/kernel/world.js";
import { app, monday } from "../../sandbox/open.js";
import * as attachments from "../../support/attachments.js";
import { calls, type Field, type Table } from "./documents.js";

type Amount = "least" | "most";

/** An answer of a table: of each field what it may be, paging at its end. */
function answerOf(table: Table, amount: Amount): Record<string, unknown> {
  const given = Object.entries(table).filter(([, field]) => amount === "most" || field.needed);
  return Object.fromEntries(given.map(([name, field]) => [name, oneValue(name, field, amount)]));
}

function oneValue(name: string, field: Field, amount: Amount): unknown {
  if (field.oneOf) return field.oneOf.at(-1);
  switch (field.kind) {
    case "int":
    case "moment":
      return field.kind === "moment" ? 1_772_413_200 : (field.range?.[1] ?? 7);
    case "number":
      return 0.5;
    case "bool":
      return true;
    case "texts":
      return amount === "most" ? ["lan"] : [];
    case "ints":
      return [1];
    case "any":
      return { anything: [1, "two"] };
    case "object":
      return answerOf(field.fields ?? {}, amount);
    case "objects":
      return [answerOf(field.fields ?? {}, amount)];
    default:
      return textOf(name, field);
  }
}

function textOf(name: string, field: Field): string {
  if (name === "next_cursor" || name.startsWith("invalid") || name === "unlicenseduser") return "";
  if (field.kind === "address") return "http://127.0.0.1:9/picture";
  if (name === "created_at") return "1772413200";
  return name === "external_userid" ? "wm-1" : name === "userid" ? "lan" : `${name}-1`;
}

describe.each<Amount>(["least", "most"])("an answer with the %s there may be", (amount) => {
  let channel: WecomChannel;
  let close: () => void;
  const asked = new Set<string>();

  beforeAll(async () => {
    const server = createServer((request, response) => {
      request.resume();
      const path = new URL(request.url ?? "", "http://x").pathname.slice("/cgi-bin/".length);
      asked.add(path);
      const answer = answerOf(calls[path]?.answer ?? {}, amount);
      request.on("end", () => response.end(JSON.stringify({ errcode: 0, errmsg: "ok", ...answer })));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const settings = { ...app, baseUrl: `http://127.0.0.1:${port}`, archive: true };
    channel = new WecomChannel(settings, memoryTokenStore(), movableWorld(monday));
    close = () => {
      channel.close();
      server.closeAllConnections();
      server.close();
    };
  });
  afterAll(() => close());

  const followUp = { ref: "h1", guideUserid: "lan", externalUserids: ["wm-1"], text: "你好" };
  const card = {
    ...{ kind: "card" as const, cardId: "c1", title: "今日", description: "", lines: [], buttons: [] },
    url: "http://127.0.0.1:9/today",
  };
  const handOver = { ref: "h1", providerRef: "msgid-1", guideUserid: "lan" };
  const doings: [string, (one: WecomChannel) => Promise<unknown>, unknown][] = [
    ["tells a guide", (one) => one.tellGuide("lan", { kind: "text", text: "早上好" }), true],
    [
      "hands over with every kind of file",
      (one) => one.handOver({ ...followUp, attachments: attachments.everyKind() }),
      { providerRef: "msgid-1" },
    ],
    ["reads what became of it", (one) => one.outcomes([handOver]), [{ ref: "h1", state: "confirmed" }]],
    [
      "looks for a lost one",
      (one) => one.find({ ...followUp, text: "别的", calledAt: monday - 3_600_000, knownRefs: [] }),
      { state: "absent" },
    ],
    [
      "learns who logs in",
      (one) => one.pages.memberOf("code-1"),
      amount === "most" ? { userid: "lan" } : { stranger: true },
    ],
    ["signs a page", (one) => one.pages.sign("http://127.0.0.1:9/", "n"), { corp: { nonceStr: "n" } }],
    ["changes a card", (one) => one.cards.change("lan", "rc-1", card), undefined],
    ["reminds", (one) => one.remind(handOver), undefined],
    ["stops", (one) => one.stop(handOver), undefined],
  ];

  test.each(doings)("%s", async (_name, act, expected) => {
    const outcome = await act(channel);
    if (expected === undefined) expect(outcome).toBeUndefined();
    else if (typeof expected === "object") expect(outcome).toMatchObject(expected as object);
    else expect(outcome).toBe(expected);
  });

  test("and nothing undocumented was asked", () => {
    expect([...asked].filter((path) => !(path in calls))).toEqual([]);
    expect(asked.size).toBeGreaterThan(8);
  });
});
