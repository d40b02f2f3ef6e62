// What the API says about audiences and tags.
import { type ApiPaths, json, REFUSALS, schemaOf } from "../infra/openapi.js";
import { taggingBody } from "./audience-routes.js";
import { audienceShape } from "./audience-schema.js";

/** Everything below /api/audiences and /api/tags. */
export function audiencePaths(): ApiPaths {
  const rule = json(JSON.parse(JSON.stringify(schemaOf(audienceShape)).replaceAll('"$ref":"#"', HERE)));
  const limits = json({ type: "object", additionalProperties: { type: "integer" } });
  const tagging = json(schemaOf(taggingBody));
  return {
    "/api/audiences/count": {
      post: operation("How many customers a rule finds, and how many have an owner", rule),
    },
    "/api/audiences/limits": {
      get: operation("The limits between the stages, in days and pieces"),
      put: operation("Set some of the limits; every customer is judged anew", limits),
    },
    "/api/tags": { get: operation("Every tag in use with its source and how many customers carry it") },
    "/api/tags/rules": { get: operation("The rules that give tags") },
    "/api/tags/rules/{tag}": {
      put: operation("Give a tag to all whom a rule finds, from now on", rule, [TAG]),
      delete: operation("Drop a rule and take its tag away", undefined, [TAG]),
    },
    "/api/tags/add": { post: operation("Give customers a tag by hand", tagging) },
    "/api/tags/remove": { post: operation("Take a tag away that people gave", tagging) },
    "/api/customers/{customer}/tags": {
      get: operation("A customer's tags with source, giver and time, and those taken away", undefined, [
        CUSTOMER,
      ]),
    },
  };
}

/** A rule inside a rule is described where the first stands. */
const HERE = '"$ref":"#/paths/~1api~1audiences~1count/post/requestBody/content/application~1json/schema"';

const TAG = { name: "tag", in: "path", required: true, schema: { type: "string", maxLength: 60 } };
const CUSTOMER = { ...TAG, name: "customer", description: "external_userid" };

function operation(summary: string, body?: object, parameters: readonly object[] = []): object {
  const answer = { "200": { description: "Done", ...json({ type: "object" }) } };
  return {
    ...{ summary, security: [{ session: [] }], parameters },
    ...(body ? { requestBody: { required: true, ...body } } : {}),
    responses: { ...answer, ...REFUSALS },
  };
}
