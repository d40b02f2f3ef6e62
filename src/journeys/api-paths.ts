// What the API says about journeys and their drafts.
import { type ApiPaths, json, REFUSALS, schemaOf } from "../infra/openapi.js";
import { publishBody, STATE_WORDS } from "./routes.js";

/** Everything below /api/journeys. */
export function journeyPaths(): ApiPaths {
  const states = Object.keys(STATE_WORDS).map((word) => {
    const post = operation(`${STATE_SUMMARIES[word as keyof typeof STATE_WORDS]}`, [KEY]);
    return [`/api/journeys/{key}/${word}`, { post }] as const;
  });
  return {
    "/api/journeys": { get: operation("Every journey with its versions and touchpoints", []) },
    "/api/journeys/{key}": {
      get: operation("A journey: the version in force as data, and its draft", [KEY]),
    },
    "/api/journeys/{key}/draft": {
      put: {
        ...operation("Keep the journey's one draft", [KEY]),
        requestBody: { required: true, ...json(DRAFT) },
      },
      delete: operation("Throw the draft away", [KEY]),
    },
    "/api/journeys/{key}/draft/preview": {
      get: operation("What publishing the draft would do, in counts; nothing is written", [KEY, GRACE]),
    },
    "/api/journeys/{key}/publish": {
      post: { ...operation("Publish the draft", [KEY]), requestBody: json(schemaOf(publishBody)) },
    },
    ...Object.fromEntries(states),
  };
}

const STATE_SUMMARIES: Record<keyof typeof STATE_WORDS, string> = {
  pause: "Send nothing until the journey goes on; what no guide has confirmed is taken back",
  resume: "Let a paused journey go on; what waited passes release and its caps",
  archive: "End a journey; its history stays, and it may be published again",
};

function operation(summary: string, parameters: readonly object[]): object {
  const answer = { "200": { description: "Done", ...json({ type: "object" }) } };
  return { summary, security: [{ session: [] }], parameters, responses: { ...answer, ...REFUSALS } };
}

const KEY = { name: "key", in: "path", required: true, schema: { type: "string" } };
const GRACE = { name: "also_inside_grace", in: "query", schema: { enum: ["true", "false"] } };

const DRAFT = {
  type: "object",
  description: "A journey as its YAML file says it, as JSON; words stand inside it. Read by the same rules.",
  required: ["key", "name", "touchpoints"],
  properties: {
    key: { type: "string" },
    name: { type: "string" },
    touchpoints: { type: "array", items: { type: "object" } },
  },
};
