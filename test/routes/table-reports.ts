// The report's routes: its tabs with their files, figures opened, saved views.
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const DESK = ["hq", "manager", "store_manager"] as const;
const ENDS = ["", ".csv", ".xlsx"];

const within = (path: string): RouteLine => ({
  ...{ route: `GET ${path}`, may: DESK, scoped: true },
  ask: (_stage, { store }) => ({
    ...{ path, query: { in: `store:${store}`, from: "2026-03-01", to: "2026-03-09" } },
  }),
});
const withFiles = (path: string) => ENDS.map((end) => `${path}${end}`);

export const reportLines: RouteLine[] = [
  within("/report.xlsx"),
  ...["heat", "league", "golden", "months", "funnel"].flatMap((tab) =>
    withFiles(`/report/${tab}`).map(within),
  ),
  within("/report/months.svg"),
  ...withFiles("/report/tasks").map(within),
  ...withFiles("/report/newcomers").map(within),
  ...["uplift", "models"].flatMap((tab) =>
    withFiles(`/report/${tab}`).map((path): RouteLine => ({ route: `GET ${path}`, may: HQ })),
  ),
  { route: "GET /report/calibration.svg", may: HQ },
  {
    ...{ route: "POST /report/views", may: DESK, leaves: "audit" },
    ask: (stage) => ({
      ...{ path: "/report/views", body: { name: `视图${stage.fresh()}`, address: "/report/heat" } },
    }),
  },
  {
    // one's own alone can be taken away, also by headquarters: test/reports tells what that leaves
    ...{ route: "POST /report/views/:id/remove", may: DESK, ok: [404] },
    leaves: "nothing: there is no such view",
    ask: () => ({ path: "/report/views/999999/remove" }),
  },
];
