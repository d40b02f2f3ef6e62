// What the API says about reports.
import { type ApiPaths, inQuery, operation } from "../infra/openapi.js";
import { reportQuery } from "./routes.js";

/** GET /api/reports. */
export function reportPaths(): ApiPaths {
  return {
    "/api/reports": {
      get: operation("Completion and reply rates", {
        parameters: inQuery(reportQuery),
        answer: "Figures by region, area, store, guide, touchpoint, variant or day",
      }),
    },
  };
}
