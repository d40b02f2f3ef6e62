// What the API says about keeping in step with the chat system.
import { type ApiPaths, inQuery, operation, schemaOf } from "../infra/openapi.js";
import * as routes from "./routes.js";

/** The paths of sync, codes, welcome words, tags, remarks and transfers. */
export function contactPaths(): ApiPaths {
  return { ...corpPaths(), ...wordPaths() };
}

/** The sync, codes and transfers. */
function corpPaths(): ApiPaths {
  return {
    "/api/sync": {
      get: operation("How far the sync is and what the last one came to", { answer: "Both" }),
      post: operation("Read the whole WeCom directory now", {
        body: schemaOf(routes.syncBody),
        answer: "What it came to",
      }),
    },
    "/api/contact-ways": {
      get: operation("Codes by which customers come, by campaign and store", {
        parameters: inQuery(routes.wayQuery),
        answer: "The codes, and how many came by each",
      }),
      post: operation("Make a code of a campaign for each store", {
        body: schemaOf(routes.wayBody),
        answer: "How many were made, and the codes",
      }),
      delete: operation("Take a campaign's codes back, or that of one store", {
        parameters: inQuery(routes.wayKey),
        answer: "How many",
      }),
    },
    "/api/contact-transfers": {
      get: operation("Customers being handed over in WeCom", {
        parameters: inQuery(routes.transferQuery),
        answer: "The transfers",
      }),
      post: operation("Hand a guide's customers over in WeCom", {
        body: schemaOf(routes.transferBody),
        answer: "How many are on their way",
      }),
    },
  };
}

/** Welcome words, tags and remarks. */
function wordPaths(): ApiPaths {
  return {
    "/api/welcome-words": {
      get: operation("Welcome words, and the latest welcomes", { answer: "Both" }),
      put: operation("Set the welcome words of all, of a campaign or of one code", {
        body: schemaOf(routes.welcomeBody),
        answer: "Written",
      }),
      delete: operation("Take welcome words away", {
        parameters: inQuery(routes.welcomeKey),
        answer: "Taken away",
      }),
    },
    "/api/wecom-tags": {
      get: operation("Tags of ours that guides see in WeCom", { answer: "The tags" }),
      post: operation("Show a tag of ours in WeCom", { body: schemaOf(routes.tagBody), answer: "The tags" }),
      delete: operation("Show a tag no more", { parameters: inQuery(routes.tagBody), answer: "Done" }),
    },
    "/api/contacts/remark": {
      put: operation("Change what a guide calls a customer, in WeCom and here", {
        body: schemaOf(routes.remarkBody),
        answer: "Written",
      }),
    },
  };
}
