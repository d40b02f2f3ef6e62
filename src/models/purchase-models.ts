// What a model of purchases can be asked.
import type { Histories, History } from "./histories.js";

/** A probability model of how often customers buy and when they leave. Parameters are positive numbers in their order. */
export interface PurchaseModel {
  name: "bg_nbd" | "pareto_nbd" | "nbd";
  /** names of the parameters as the literature has them */
  parameters: readonly string[];
  /** places of the parameters that are spans of time; all others are plain numbers */
  times: readonly number[];
  /** where a search for the best ones begins, times in the mean age of the customers */
  start: readonly number[];
  /** ln of how likely these histories are. NaN or -Infinity where it cannot be computed */
  logLikelihood(parameters: readonly number[], histories: Histories): number;
  /** purchases to expect in the next `t` units of time from a customer with this history */
  expected(parameters: readonly number[], history: History, t: number): number;
  /** the chance that they have not left */
  alive(parameters: readonly number[], history: History): number;
  /** repeat purchases to expect in the first `t` units of time after anybody's first purchase */
  expectedOfNew(parameters: readonly number[], t: number): number;
}
