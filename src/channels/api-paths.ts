// What the API says about the intake of archive records.
import { type ApiPaths, json, REFUSALS, schemaOf } from "../infra/openapi.js";
import { archiveRecord, MOST_RECORDS } from "./intake.js";

/** POST /api/intake/messages. */
export function intakePaths(): ApiPaths {
  const messages = { type: "array", maxItems: MOST_RECORDS, items: schemaOf(archiveRecord) };
  const count = { type: "integer" };
  const ignored = {
    type: "array",
    items: { type: "object", properties: { msgid: { type: "string" }, reason: { type: "string" } } },
  };
  const properties = { accepted: count, duplicate: count, waiting: count, ignored };
  const answer = { type: "object", properties };
  return {
    "/api/intake/messages": {
      post: {
        summary: "Push decrypted records of the conversation archive, in any order and as often as they come",
        security: [{ apiKey: [] }],
        requestBody: { required: true, ...json({ type: "object", properties: { messages } }) },
        responses: { "200": { description: "What became of them", ...json(answer) }, ...REFUSALS },
      },
    },
  };
}
