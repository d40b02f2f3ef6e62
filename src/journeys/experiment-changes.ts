// What makes one experiment another, and how a change of it is said.
import { type ExperimentPlan, USUAL_PLAN } from "./experiments.js";
import { stableJson, type TouchpointSpec } from "./spec.js";

/** An experiment on words as it is stored: the keys and shares of its variants and its plan. */
export interface Definition extends ExperimentPlan {
  variants: { key: string; share: number }[];
}

/** What makes one experiment another. Words are none of it: whoever had a variant keeps it under other words. */
export function definitionOf({ variants = [], experiment = USUAL_PLAN }: TouchpointSpec): Definition {
  return { ...experiment, variants: variants.map(({ key, share }) => ({ key, share })) };
}

/** All words of a touchpoint as one text, to see whether they changed. */
export function allWords({ words, variants = [] }: TouchpointSpec): string {
  return stableJson([words, variants.map(({ key, words: own }) => [key, own])]);
}

/** The experiment in Chinese: "实验 plain 50%、warm 50%，28天后评定"; "无" without one. */
export function sayExperiment(spec: TouchpointSpec): string {
  if (!spec.variants) return "无";
  const { variants, pilot, days, looks, detect } = definitionOf(spec);
  const arms = variants.map(({ key, share }) => `${key} ${share}%`).join("、");
  return [
    arms,
    ...(pilot < 100 ? [`先试${pilot}%客户`] : []),
    `${days}天${looks > 1 ? `内评定${looks}次` : "后评定"}`,
    ...(detect ? [`至少看出${detect}个百分点`] : []),
  ].join("，");
}

/** A hold-out in Chinese: "10%", "无". */
export function sayHoldOut(share: number | undefined): string {
  return share ? `${share}%` : "无";
}
