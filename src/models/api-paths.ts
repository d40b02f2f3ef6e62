// What the API says about models.
import { type ApiPaths, operation } from "../infra/openapi.js";

const NUMBER = { type: ["number", "null"] };
const DATE = { type: ["string", "null"], format: "date" };

const STEP = {
  type: "object",
  description: "Customers of neighbouring scores, from the lowest tenth to the highest",
  properties: { customers: { type: "integer" }, score: NUMBER, bought: NUMBER, purchases: NUMBER },
};

const MODEL = {
  type: "object",
  properties: {
    name: { type: "string" },
    parameters: { type: "object", additionalProperties: { type: "number" } },
    logLikelihood: NUMBER,
    degenerate: { type: ["string", "null"], description: "Why it is not used" },
    auc: NUMBER,
    overRecency: { ...NUMBER, description: "The area under the curve beyond plain recency's" },
    holdoutExpected: NUMBER,
    lift: { ...NUMBER, description: "How many times as often the highest fifth buys as all do" },
    calibration: { type: "array", items: STEP },
  },
};

const BACKTEST = {
  type: "object",
  properties: {
    ranOn: { type: "string", format: "date" },
    calibratedUntil: DATE,
    heldUntil: DATE,
    customers: { type: "integer" },
    holdoutActual: NUMBER,
    served: { type: "string" },
    why: { type: ["string", "null"] },
    horizonDays: { type: "integer" },
    models: { type: "array", items: MODEL },
    supply: { type: "object", description: "Paces of segments in days a unit, and how far off they were" },
  },
};

/** GET /api/models. */
export function modelPaths(): ApiPaths {
  const gives = { type: "object", properties: { backtests: { type: "array", items: BACKTEST } } };
  return {
    "/api/models": {
      get: operation("Back-tests of the models that foretell who leaves and who runs out", {
        ...{ answer: "Newest first", gives },
      }),
    },
  };
}
