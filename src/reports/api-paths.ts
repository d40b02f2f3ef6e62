// What the API says about reports.
import { type ApiPaths, json, REFUSALS, schemaOf } from "../infra/openapi.js";
import { reportQuery } from "./routes.js";

/** GET /api/reports. */
export function reportPaths(): ApiPaths {
  const query = schemaOf(reportQuery) as { properties: Record<string, object>; required?: string[] };
  const parameters = Object.entries(query.properties).map(([name, schema]) => ({
    ...{ name, in: "query", required: query.required?.includes(name) ?? false, schema },
  }));
  const answer = { description: "Figures by region, area, store, guide, touchpoint, variant or day" };
  return {
    "/api/reports": {
      get: {
        summary: "Completion and reply rates",
        security: [{ session: [] }],
        parameters,
        responses: { "200": { ...answer, ...json({ type: "object" }) }, ...REFUSALS },
      },
    },
  };
}
