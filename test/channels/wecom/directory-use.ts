// Every call of the directory made once against a sandbox: what goes over the wire is for the caller to look at.
import { WecomDirectory } from "../../../src/channels/wecom/directory.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import { app, type OpenSandbox } from "../../sandbox/open.js";

/** Uses all of it; lan has wm-1 … wm-5, mei has wm-6. */
export async function useDirectory({ sandbox, world }: OpenSandbox, url: string): Promise<void> {
  const directory = new WecomDirectory({ ...app, baseUrl: url }, memoryTokenStore(), world);
  try {
    expect(await directory.members()).toEqual(["lan", "mei"]);
    expect(await directory.memberName("lan")).toBe("兰");
    expect(await directory.memberName("unseen")).toBeUndefined();
    const tag = await directory.addTag("Guidepost", "沉睡");
    expect(await directory.tags()).toEqual([tag]);
    await directory.markTags("lan", "wm-1", { add: [tag.id], remove: [] });
    await directory.remark("lan", "wm-1", "小宝妈");
    const marked = { remark: "小宝妈", tagIds: [tag.id], guideUserid: "lan" };
    expect(await directory.contactsWith("wm-1")).toMatchObject([marked]);
    expect((await directory.contactsOf(["lan", "mei"])).contacts[0]).toMatchObject(marked);
    expect(await directory.contactsWith("wm-nobody")).toEqual([]);
    await useWays(directory, world.now());
    await useTransfers(directory, { sandbox, world });
    await directory
      .welcome("no such code", "您好", [])
      .catch(({ code }: { code: number }) => expect(code).toBe(41050));
  } finally {
    directory.close();
  }
}

async function useWays(directory: WecomDirectory, now: number): Promise<void> {
  const words = { guideUserids: ["lan", "mei"], state: "gp-1", remark: "guidepost 618" };
  const { configId } = await directory.addWay(words);
  expect(await directory.ways(now - 1000)).toEqual([configId]);
  await directory.updateWay(configId, { ...words, guideUserids: ["mei"] });
  expect(await directory.way(configId)).toMatchObject({ state: "gp-1", guideUserids: ["mei"] });
  await directory.removeWay(configId);
  await directory.removeWay(configId);
  expect(await directory.way(configId)).toBeUndefined();
}

async function useTransfers(directory: WecomDirectory, { sandbox, world }: OpenSandbox): Promise<void> {
  const onjob = { kind: "onjob", fromUserid: "lan", toUserid: "mei" } as const;
  const begun = await directory.transfer(onjob, ["wm-2", "wm-6"], "以后由小美照顾您");
  expect([...begun]).toEqual([
    ["wm-2", 0],
    ["wm-6", 40131],
  ]);
  expect([...(await directory.transferResults(onjob))]).toEqual([["wm-2", "waiting"]]);
  await sandbox.inCorp((corp, at) => corp.resigns("mei", at));
  expect(await directory.unassigned()).toMatchObject([{ guideUserid: "mei", externalUserid: "wm-6" }]);
  const resigned = { kind: "resigned", fromUserid: "mei", toUserid: "lan" } as const;
  expect([...(await directory.transfer(resigned, ["wm-6"], ""))]).toEqual([["wm-6", 0]]);
  await sandbox.inCorp((corp, at) => corp.refuses("wm-6", at));
  expect([...(await directory.transferResults(resigned))]).toEqual([["wm-6", "refused"]]);
  world.set(world.now() + 1000);
}
