// What goes with words: made ready for a channel that takes it, refused by one that does not; never words alone.
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import type { Channel } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import type { Attachment } from "../../src/journeys/attachments.js";
import { contentDigest, keepContent } from "../../src/journeys/content.js";
import { enclosed } from "../../src/tasks/enclosing.js";
import { offerDue } from "../../src/tasks/offering.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { png } from "../support/pictures.js";
import { enrolCustomer, openShop, planTask, respec, type Stand, standOn } from "../support/task-stand.js";

const base = png(200, 200, "#fff");
const file = { digest: contentDigest(base), name: "card.png" };
const code = { left: 0, top: 0, size: 100 };
const picture: Attachment = { kind: "picture", file };
const poster: Attachment = { kind: "poster", file, code };
const link: Attachment = { kind: "link", title: "指南", url: "https://example.com" };

describeOnEachDatabase("enclosing", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await keepContent(store, new Map([[file.digest, base]]));
    for (const id of [11, 12]) await enrolCustomer(store, id);
  });
  /** The greeting's touchpoint from now on has these attachments. */
  const attach = (attachments: Attachment[]) => respec(store, "greeting", { attachments });
  const taken = () =>
    stand.notebook.entries.flatMap((one) => (one.kind === "handedOver" ? [one.followUp] : []));

  it("hands files over with the words, one group for those who get the same", async () => {
    await store.write((sql) => sql.run("UPDATE child SET born_on = '2025-12-01' WHERE customer_id = 12"));
    await attach([picture, { ...link, blockedMonths: { from: 6, to: null } }]);
    for (const id of [11, 12]) await planTask(store, "greeting", id);
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    const kinds = taken().map((one) => [one.externalUserids, one.attachments?.map(({ kind }) => kind)]);
    expect(kinds).toEqual([
      [["wm-11"], ["picture"]],
      [["wm-12"], ["picture", "link"]],
    ]);
    const [first] = taken()[0]?.attachments ?? [];
    expect(first?.kind === "picture" && (await first.file.read()).equals(base)).toBe(true);
    expect(await stand.states()).toEqual(["handed_over", "handed_over"]);
  });

  it.each<[string, Partial<Channel>, Attachment]>([
    [
      "takes none of it",
      { promises: { ...new NotebookChannel(standWorld()).promises, attachments: [] } },
      picture,
    ],
    [
      "takes no links",
      { promises: { ...new NotebookChannel(standWorld()).promises, attachments: ["picture"] } },
      link,
    ],
  ])("fails whole at a channel that %s", async (_name, more, attachment) => {
    Object.assign(stand.notebook, more);
    await attach([attachment]);
    await planTask(store, "greeting", 11);
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    expect(taken()).toEqual([]);
    expect(await stand.states()).toEqual(["failed: channel_refused"]);
  });

  it("makes a poster another file for each guide, always the same for one, and none without codes", async () => {
    const coded = Object.assign(new NotebookChannel(stand.world), {
      guideCode: async () => png(50, 50, "#000"),
    });
    const of = (guide: string, channel: Channel = coded) => {
      const [one] = enclosed(stand.setup, channel, JSON.stringify([poster]), guide);
      if (one?.kind !== "picture") throw new Error("no picture");
      return one.file;
    };
    expect([of("lan").digest, of("lan").digest === of("mei").digest]).toEqual([of("lan").digest, false]);
    expect((await of("lan").read()).equals(base)).toBe(false);
    await expect(of("lan", stand.notebook).read()).rejects.toMatchObject({ kind: "fix" });
    const gone = JSON.stringify([{ kind: "picture", file: { digest: "0", name: "a.png" } }]);
    const [lost] = enclosed(stand.setup, coded, gone, "lan");
    await expect(lost?.kind === "picture" && lost.file.read()).rejects.toMatchObject({ kind: "retry" });
  });

  it("keeps what goes along when words are offered anew", async () => {
    await attach([picture]);
    const id = await planTask(store, "greeting", 11);
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    await stand.service.edit(1, id, "自己的话");
    await stand.sender.dispatchDue();
    expect(taken().map(({ text, attachments }) => [text, attachments?.length])).toEqual([
      ["早上好，这里是万达店的兰兰。", 1],
      ["自己的话", 1],
    ]);
  });
});

function standWorld() {
  return { now: () => 0, id: () => "id" };
}
