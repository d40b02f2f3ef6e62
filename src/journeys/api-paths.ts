// What the API says about journeys and their drafts.
import { type ApiPaths, inPath, json, operation, schemaOf } from "../infra/openapi.js";
import { publishBody, STATE_WORDS } from "./routes.js";

/** Everything below /api/journeys. */
export function journeyPaths(): ApiPaths {
  const parameters = [inPath("key")];
  const states = Object.keys(STATE_WORDS).map((word) => {
    const post = operation(STATE_SUMMARIES[word as keyof typeof STATE_WORDS], { parameters });
    return [`/api/journeys/{key}/${word}`, { post }] as const;
  });
  return {
    "/api/journeys": { get: operation("Every journey with its versions and touchpoints") },
    "/api/journeys/{key}": {
      get: operation("A journey: the version in force as data, and its draft", { parameters }),
    },
    "/api/journeys/{key}/draft": {
      put: operation("Keep the journey's one draft", { parameters, body: DRAFT }),
      delete: operation("Throw the draft away", { parameters }),
    },
    "/api/journeys/{key}/draft/preview": {
      get: operation("What publishing the draft would do, in counts; nothing is written", {
        parameters: [...parameters, GRACE],
      }),
    },
    "/api/journeys/{key}/publish": {
      post: { ...operation(PUBLISH, { parameters }), requestBody: json(schemaOf(publishBody)) },
    },
    ...Object.fromEntries(states),
  };
}

const PUBLISH = "Publish the draft, where nobody else has to approve it; refused (403) where somebody has to";

const STATE_SUMMARIES: Record<keyof typeof STATE_WORDS, string> = {
  pause: "Send nothing until the journey goes on; what no guide has confirmed is taken back",
  resume: "Let a paused journey go on; what waited passes release and its caps",
  archive: "End a journey; its history stays, and it may be published again",
};

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
