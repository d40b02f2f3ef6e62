// What the API says about the calendar.
import { z } from "zod";
import { type ApiPaths, inPath, operation, schemaOf } from "../infra/openapi.js";
import { DAY_KINDS } from "./calendar-rules.js";
import { calendarTable } from "./calendar-table.js";

/** GET /api/calendar/{year}, POST /api/calendar/{year}/seed, PUT and DELETE /api/calendar/days. */
export function calendarPaths(): ApiPaths {
  const year = [inPath("year", { type: "integer" })];
  const asked = [
    ["kind", { enum: DAY_KINDS }, true],
    ["on", { type: "string", format: "date", description: "of a day off, working or quiet day" }, false],
    ["name", { type: "string", description: "of a named day" }, false],
    ["year", { type: "integer", description: "of a named day" }, false],
  ].map(([name, schema, required]) => ({ name, in: "query", required, schema }));
  return {
    "/api/calendar/{year}": {
      get: operation("A year of the calendar", {
        parameters: year,
        answer: "Its days, how much of its statutory days is known, and what is missing",
      }),
    },
    "/api/calendar/{year}/seed": {
      post: operation("Fill in what a year lacks", { parameters: year, answer: "How many days came in" }),
    },
    "/api/calendar/days": {
      put: operation("Set days, all of them or none", {
        body: { type: "array", maxItems: 1000, items: rowSchema() },
        answer: "How many days changed",
      }),
      delete: operation("Take a day out", { parameters: asked, answer: "It is out" }),
    },
  };
}

function rowSchema(): object {
  const fields = Object.values(calendarTable.columns).map(({ heading, chinese, cell, required }) => {
    const described = cell.schema.describe(`${chinese}: ${cell.expected}`);
    return [heading, required ? described : described.nullish()];
  });
  return schemaOf(z.strictObject(Object.fromEntries(fields)));
}
