// The customers' pages: found, opened, changed, erased; everybody to their own, HQ to all.
import type { Asked, Place, RouteStage } from "./stage.js";
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const DESK = ["hq", "manager", "store_manager"] as const;
const ALL = ["hq", "manager", "store_manager", "guide"] as const;

/** A customer of a place's guide whom nobody has touched, with a phone and a child; another one each time. */
async function fresh(stage: RouteStage, { whose, userid, customer }: Place): Promise<number> {
  if (whose === "none") return customer;
  const id = `fresh-${stage.fresh()}`;
  const { customers } = stage.services;
  const serial = String(stage.fresh()).padStart(8, "0");
  const row = {
    external_userid: id,
    name: stage.names.customer,
    guide_userid: userid,
    joined_on: "2026-03-01",
  };
  await customers.push("customers", [{ ...row, phone: `138${serial}` }]);
  await customers.push("children", [{ external_userid: id, child_no: 1, born_on: "2026-01-05" }]);
  const [found] = await stage.rows<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", id);
  return found?.id ?? 0;
}

const of =
  (end: string, body: object = {}) =>
  async (stage: RouteStage, place: Place): Promise<Asked> => ({
    path: `/customers/${await fresh(stage, place)}${end}`,
    body,
  });

const acts: [name: string, body: object, may: RouteLine["may"]][] = [
  ["correct", { field: "child.born_on", childNo: 1, value: "2026-01-09" }, DESK],
  ["stop", { why: "loss" }, DESK],
  ["add_child", { bornOn: "2024-01-09" }, HQ],
  ["opt_out", {}, HQ],
];

export const customerLines: RouteLine[] = [
  { route: "GET /customers", may: ALL },
  { route: "GET /customers/:id", may: ALL, scoped: true, ask: of("") },
  { route: "GET /customers/:id/timeline", may: ALL, scoped: true, ask: of("/timeline") },
  { route: "GET /customers/:id/tasks", may: ALL, scoped: true, ask: of("/tasks") },
  { route: "GET /customers/:id/chat", may: ALL, scoped: true, ask: of("/chat") },
  {
    ...{ route: "POST /customers/:id/phone", may: ALL, scoped: true, leaves: "audit", ok: [200] },
    ask: of("/phone"),
  },
  ...acts.map(([name, body, may]): RouteLine => {
    const route = `POST /customers/:id/acts/${name}`;
    return {
      route,
      may,
      scoped: true,
      leaves: "audit",
      ask: of(`/acts/${name}`, { ...body, confirmed: "yes" }),
    };
  }),
  {
    ...{ route: "POST /customers/:id/acts/resume", may: DESK, scoped: true, leaves: "audit" },
    ask: async (stage, place) => {
      const id = await fresh(stage, place);
      await stage.services.customers.setStopped(id, true);
      return { path: `/customers/${id}/acts/resume`, body: { confirmed: "yes" } };
    },
  },
  {
    ...{ route: "POST /customers/:id/acts/opt_in", may: HQ, scoped: true, leaves: "audit" },
    ask: async (stage, place) => {
      const id = await fresh(stage, place);
      await stage.store.write((sql) => sql.run("UPDATE customer SET opted_out = 1 WHERE id = ?", [id]));
      return { path: `/customers/${id}/acts/opt_in`, body: { confirmed: "yes" } };
    },
  },
  {
    ...{ route: "POST /customers/:id/tags/add", may: HQ, scoped: true, leaves: "audit" },
    ask: of("/tags/add", { tag: "二胎" }),
  },
  {
    ...{ route: "POST /customers/:id/tags/remove", may: HQ, scoped: true, leaves: "audit" },
    ask: of("/tags/remove", { tag: "二胎" }),
  },
  { route: "GET /customers/:id/erase", may: HQ, scoped: true, ask: of("/erase") },
  {
    ...{ route: "POST /customers/:id/erase", may: HQ, scoped: true, leaves: "audit" },
    ask: of("/erase", { typed: "妈妈" }),
  },
];
