// Which of the models that were tried is served, and which one values customers. Pure.
import type { Fitted, ModelName } from "./candidates.js";

/** A model with how it did. */
export type Rated = Pick<Fitted, "name" | "degenerate"> & { auc: number };

/** Customers of a trial who bought in the hold-out period, and who did not. */
export interface Judged {
  buyers: number;
  others: number;
}

/** Plain recency is beaten only by more than this: less is noise at the sizes brands have. */
const MARGIN = 0.005;
/** With fewer customers who bought, or who did not, nothing can be judged. */
const LEAST_JUDGED = 50;

/** Whether a trial can tell models apart at all. */
export function isJudged({ buyers, others }: Judged): boolean {
  return Math.min(buyers, others) >= LEAST_JUDGED;
}

/** The model to serve: the best that beats plain recency clearly, else recency; and why. */
export function chosen(models: readonly Rated[], judged: Judged): { served: ModelName; why: string } {
  if (!isJudged(judged))
    return {
      served: "recency",
      why: `检验期内 ${judged.buyers} 位客户又买了，${judged.others} 位没有，有一边不到 ${LEAST_JUDGED} 位，分不出高下；先按多久没买来判断。`,
    };
  const recency = models.find(({ name }) => name === "recency")?.auc ?? Number.NaN;
  const best = bestOf(models.filter(({ name }) => name !== "recency"));
  const left = sayOut(models.filter(({ degenerate }) => degenerate !== null));
  const [of, base] = [(value: number) => value.toFixed(4), `只看多久没买的 ${recency.toFixed(4)}`];
  if (!best) return { served: "recency", why: `没有其他可用的模型，只看多久没买${left}。` };
  if (best.auc <= recency + MARGIN)
    return {
      served: "recency",
      why: `最好的 ${best.name} AUC ${of(best.auc)}，没有比${base} 高出 ${MARGIN}${left}。`,
    };
  const gain = of(best.auc - recency);
  return {
    served: best.name,
    why: `${best.name} 的 AUC ${of(best.auc)}，比${base} 高出 ${gain}（须超过 ${MARGIN}）${left}。`,
  };
}

/** The best of the models that can be used. */
export function bestOf<M extends Rated>(models: readonly M[]): M | undefined {
  const rank = ({ auc }: Rated) => (Number.isFinite(auc) ? auc : -1);
  return models
    .filter(({ degenerate }) => degenerate === null)
    .toSorted((one, other) => rank(other) - rank(one))[0];
}

function sayOut(models: readonly Rated[]): string {
  const said = models.map(({ name, degenerate }) => `${name}（${degenerate}）`);
  return said.length > 0 ? `；拟合失败未参选：${said.join("、")}` : "";
}
