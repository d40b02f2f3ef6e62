// The API's own description: each slice tells its paths, and they are put together here.
import { Router } from "@koa/router";
import { z } from "zod";

/** Operations by path and method, as OpenAPI 3.1 writes them. */
export type ApiPaths = Record<string, Record<string, object>>;

/** Ways in that operations may name under `security`. */
const SCHEMES = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "An API key: Authorization: Bearer KEY, or X-Api-Key",
  },
  session: { type: "apiKey", in: "cookie", name: "guidepost_session", description: "A signed-in browser" },
};

/** One document of all slices' paths. A path two slices claim is a fault of the programme. */
export function openApiDocument(version: string, slices: readonly ApiPaths[]): object {
  const paths: ApiPaths = {};
  for (const [path, operations] of slices.flatMap((slice) => Object.entries(slice))) {
    for (const [method, operation] of Object.entries(operations)) {
      if (paths[path]?.[method]) throw new Error(`${method} ${path} is described twice`);
      paths[path] = { ...paths[path], [method]: operation };
    }
  }
  const info = { title: "Guidepost", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } };
  const components = { securitySchemes: SCHEMES, schemas: { Refusal: REFUSAL } };
  return { openapi: "3.1.0", info, paths, components };
}

/** GET /api/openapi.json. */
export function openApiRoutes(document: object): Router {
  const router = new Router();
  router.get("/api/openapi.json", (ctx) => {
    ctx.body = document;
  });
  return router;
}

/** A zod shape as the JSON Schema of what may be sent. */
export function schemaOf(shape: z.ZodType): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
  return schema;
}

/** A body or answer of JSON. */
export function json(schema: object): object {
  return { content: { "application/json": { schema } } };
}

/** The answers every operation may give instead of its own. */
export const REFUSALS = Object.fromEntries(
  [
    ["401", "No valid key or session"],
    ["422", "What was sent cannot be; faults say where and what was expected"],
  ].map(([status, description]) => [
    status,
    { description, ...json({ $ref: "#/components/schemas/Refusal" }) },
  ]),
);

/** What an operation takes and gives; left out: nothing, and an object. */
interface Exchanged {
  parameters?: readonly object[];
  body?: object;
  answer?: string;
  gives?: object;
}

/** An operation of a signed-in person. */
export function operation(
  summary: string,
  { parameters = [], body, answer = "Done", gives = { type: "object" } }: Exchanged = {},
): object {
  return {
    ...{ summary, security: [{ session: [] }], parameters },
    ...(body ? { requestBody: { required: true, ...json(body) } } : {}),
    responses: { "200": { description: answer, ...json(gives) }, ...REFUSALS },
  };
}

/** The parameters of a query, by the shape it is read with. */
export function inQuery(shape: z.ZodType): object[] {
  const { properties, required = [] } = schemaOf(shape) as {
    properties: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: "query", required: required.includes(name), schema };
  });
}

/** A piece of a path. */
export function inPath(name: string, schema: object = { type: "string" }): object {
  return { name, in: "path", required: true, schema };
}

/** One fault, as answers tell it. */
export const FAULT = {
  type: "object",
  required: ["where", "expected"],
  properties: {
    where: { type: "string" },
    line: { type: "integer", description: "1-based" },
    field: { type: "string" },
    value: { type: "string" },
    expected: { type: "string" },
  },
};

const REFUSAL = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        kind: { type: "string" },
        message: { type: "string" },
        faults: { type: "array", items: FAULT },
      },
    },
  },
};
