// Saved views: one's own, shared by headquarters alone, of report pages alone, written down.
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld } from "../../src/kernel/world.js";
import { savedViewService } from "../../src/reports/saved/saved-views.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at } from "./support.js";

const who = (accountId: number, role: Viewer["role"]): Viewer => ({
  ...{ accountId, role, name: `${accountId}`, guideId: null, storeId: null, regionId: 1 },
});
const [hq, east, south] = [who(1, "hq"), who(2, "manager"), who(3, "manager")];
const heat = "/report/heat?from=2026-03-02&to=2026-03-08&in=region%3A3&m=reply";

describeOnEachDatabase("saved views", (store) => {
  const views = () => savedViewService({ store: store(), world: movableWorld(at("2026-03-20", "12:00")) });

  beforeAll(() =>
    store().write(async (sql) => {
      for (const [id, login, role] of [
        [1, "hq", "hq"],
        [2, "east", "manager"],
        [3, "south", "manager"],
      ] as const)
        await sql.run(
          "INSERT INTO account (id, login, name, role, password_hash, disabled) VALUES (?, ?, ?, ?, '', 0)",
          [id, login, `${login}的账号`, role],
        );
    }),
  );

  test("one's own, by name; the same name again keeps the newer", async () => {
    const id = await views().save(east, { name: " 每周一 ", address: "/report" });
    expect(await views().save(east, { name: "每周一", address: heat })).toBe(id);
    expect(await views().list(east)).toEqual([
      { id, name: "每周一", address: heat, sharedWith: null, owner: "", isOwn: true },
    ]);
    expect(await views().list(south)).toEqual([]);
    const audit = await store().read.rows<{ action: string; done_by: string; after_json: string }>(
      "SELECT action, done_by, after_json FROM audit_entry ORDER BY id",
    );
    expect(audit.map(({ action, done_by }) => [action, done_by])).toEqual([
      ["view.save", "account:2"],
      ["view.save", "account:2"],
    ]);
  });

  test("headquarters shares with a role; managers share with nobody", async () => {
    const id = await views().save(hq, { name: "区域周看", address: "/report/league", sharedWith: "manager" });
    for (const manager of [east, south]) {
      const found = (await views().list(manager)).find((view) => view.id === id);
      expect(found).toMatchObject({ name: "区域周看", owner: "hq的账号", isOwn: false });
    }
    await expect(
      views().save(east, { name: "看我", address: "/report", sharedWith: "manager" }),
    ).rejects.toMatchObject({ kind: "forbidden" });
    await expect(views().remove(east, id)).rejects.toMatchObject({ kind: "not_found" });
    await views().remove(hq, id);
    expect((await views().list(south)).some((view) => view.id === id)).toBe(false);
    await expect(views().remove(hq, id)).rejects.toMatchObject({ kind: "not_found" });
  });

  test.each([
    ["", "/report", "名称"],
    ["一".repeat(31), "/report", "名称"],
    ["外面", "https://evil.example/report", "地址"],
    ["双斜线", "//evil.example/report", "地址"],
    ["别处", "/operations", "地址"],
    ["上一级", "/report/../operations", "地址"],
    ["脚本", "/report?x=<script>", "地址"],
    ["太长", `/report?from=${"1".repeat(500)}`, "地址"],
  ])("refuses %p at %p, naming %s", async (name, address, field) => {
    await expect(views().save(east, { name, address })).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ where: field }],
    });
  });
});
