// What the API says about audiences and tags.
import { type ApiPaths, inPath, operation, schemaOf } from "../infra/openapi.js";
import { taggingBody } from "./audience-routes.js";
import { audienceShape } from "./audience-schema.js";

/** Everything below /api/audiences and /api/tags. */
export function audiencePaths(): ApiPaths {
  const rule = JSON.parse(JSON.stringify(schemaOf(audienceShape)).replaceAll('"$ref":"#"', HERE));
  const limits = { type: "object", additionalProperties: { type: "integer" } };
  const tagging = schemaOf(taggingBody);
  return {
    "/api/audiences/count": {
      post: operation("How many customers a rule finds, and how many have an owner", { body: rule }),
    },
    "/api/audiences/limits": {
      get: operation("The limits between the stages, in days and pieces"),
      put: operation("Set some of the limits; every customer is judged anew", { body: limits }),
    },
    "/api/tags": { get: operation("Every tag in use with its source and how many customers carry it") },
    "/api/tags/rules": { get: operation("The rules that give tags") },
    "/api/tags/rules/{tag}": {
      put: operation("Give a tag to all whom a rule finds, from now on", { body: rule, parameters: [TAG] }),
      delete: operation("Drop a rule and take its tag away", { parameters: [TAG] }),
    },
    "/api/tags/add": { post: operation("Give customers a tag by hand", { body: tagging }) },
    "/api/tags/remove": { post: operation("Take a tag away that people gave", { body: tagging }) },
    "/api/customers/{customer}/tags": {
      get: operation("A customer's tags with source, giver and time, and those taken away", {
        parameters: [CUSTOMER],
      }),
    },
  };
}

/** A rule inside a rule is described where the first stands. */
const HERE = '"$ref":"#/paths/~1api~1audiences~1count/post/requestBody/content/application~1json/schema"';

const NAME = { type: "string", maxLength: 60 };
const TAG = inPath("tag", NAME);
const CUSTOMER = { ...inPath("customer", NAME), description: "external_userid" };
