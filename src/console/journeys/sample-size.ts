// How many sends a comparison of words takes, asked before it begins.
import { sampleSize } from "../../reports/experiments/statistics.js";
import { alphaEach } from "../../reports/experiments/verdicts.js";
import type { TouchpointAnswers } from "../../reports/touchpoint-answers.js";
import { count, percent } from "../format.js";
import { type Fields, textOf } from "./typed-values.js";

/** What the answer's template names. `answers` are the touchpoint's own lately. */
export function sampleView(fields: Fields, answers: TouchpointAnswers): object {
  const { observed, replied, days } = answers;
  const known = observed > 0 ? replied / observed : null;
  const typed = textOf(fields, "rate").trim();
  const rate = typed === "" ? known : Number(typed) / 100;
  const detect = Number(textOf(fields, "detect").trim() || "3") / 100;
  const arms = Math.min(6, Math.max(2, Number(textOf(fields, "arms")) || 2));
  const base = {
    typed,
    arms,
    detect: (detect * 100).toFixed(0),
    known: known === null ? "" : percent(known),
    observed: count(observed),
    days,
    fault: "",
    each: "",
    all: "",
    lasts: "",
  };
  if (rate === null) return { ...base, fault: "这个触点还没有回复率，请填一个估计，比如 20" };
  if (!(rate > 0 && rate < 1)) return { ...base, fault: "回复率请填 0 到 100 之间的数" };
  if (!(detect > 0 && rate + detect < 1))
    return { ...base, fault: "差异请填大于 0 的百分点，加上回复率要小于 100" };
  const each = Math.ceil(sampleSize(rate, rate + detect, { alpha: alphaEach(arms) }));
  const aDay = observed / days;
  const lasts = aDay > 0 ? String(Math.ceil((each * arms) / aDay)) : "";
  return { ...base, each: count(each), all: count(each * arms), lasts };
}
