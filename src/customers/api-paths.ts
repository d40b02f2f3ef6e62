// What the API says about pushing stores, guides, leaves, customers, children, orders and transfers; made from the tables themselves.
import { z } from "zod";
import { type ApiPaths, FAULT, inQuery, json, operation, REFUSALS, schemaOf } from "../infra/openapi.js";
import type { Table } from "../infra/tables.js";
import { INCOMING } from "./import-tables.js";
import { MOST_ROWS } from "./pushes.js";
import { faultsQuery, pushQuery } from "./routes.js";

/** POST /api/stores, guides, leaves, customers, children, orders, transfers. */
export function customerPaths(): ApiPaths {
  const pushes = INCOMING.map(({ table }) => [`/api/${table.name}`, { post: pushOf(table) }] as const);
  return { ...Object.fromEntries(pushes), "/api/faults": { get: FAULTS } };
}

const FAULTS = operation("The data-quality list: counts with what to do, and its first lines", {
  parameters: inQuery(faultsQuery),
  answer: "Counts and lines",
});

function pushOf(table: Table): object {
  return {
    summary: `Push ${table.name} (${table.chinese})`,
    description:
      "New or changed rows are written, others left alone: the same push again changes nothing. Good rows stay when others are refused. A field left out keeps its value, null empties it.",
    security: [{ apiKey: [] }],
    parameters: inQuery(pushQuery),
    requestBody: {
      required: true,
      ...json({ type: "array", maxItems: MOST_ROWS, items: rowSchema(table) }),
    },
    responses: { "200": { description: "One result a row", ...json(RESULTS) }, ...REFUSALS },
  };
}

function rowSchema({ columns, rest }: Table): object {
  const fields = Object.values(columns).map(({ heading, chinese, cell, required }) => {
    const described = cell.schema.describe(`${chinese}: ${cell.expected}`);
    return [heading, required ? described : described.nullish()];
  });
  const shape = z.strictObject(Object.fromEntries(fields));
  if (!rest) return schemaOf(shape);
  const names = z.array(z.string()).describe("The names of its regions from the top level down");
  const withRest = shape.extend({ [rest.key]: names.optional() }).catchall(z.string());
  const note = `${rest.key}, or ${rest.heading} (${rest.chinese}) and one field for each level below it, in order`;
  return { ...schemaOf(withRest), description: note };
}

const RESULTS = {
  type: "object",
  required: ["results", "counts"],
  properties: {
    counts: {
      type: "object",
      properties: Object.fromEntries(
        ["new", "changed", "unchanged", "refused"].map((status) => [status, { type: "integer" }]),
      ),
    },
    results: {
      type: "array",
      items: {
        type: "object",
        required: ["row", "status", "faults"],
        properties: {
          row: { type: "integer", description: "1-based place in the array" },
          status: { enum: ["new", "changed", "unchanged", "refused"] },
          faults: { type: "array", items: FAULT },
        },
      },
    },
  },
};
