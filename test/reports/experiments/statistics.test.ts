// The statistics against figures that were published, or that R and scipy agree on.
import { bounds } from "../../../src/reports/experiments/sequential.js";
import {
  allEqual,
  benjaminiHochberg,
  difference,
  sampleRatio,
  sampleSize,
  timesLarger,
  twoProportions,
} from "../../../src/reports/experiments/statistics.js";
import { rate } from "../../../src/reports/measures.js";
import { describeWith, referenceText } from "./reference.js";

interface Pair {
  k1: number;
  n1: number;
  k2: number;
  n2: number;
  diff: number;
  z_pooled: number;
  p_two_sided: number;
  newcombe_ci: [number, number];
  wilson1: [number, number];
  wilson2: [number, number];
}

/** Every figure of a pair, to the digits it is printed with; p relatively, however small. */
function expectPair(pair: Pair): void {
  const [one, other] = [
    { k: pair.k1, n: pair.n1 },
    { k: pair.k2, n: pair.n2 },
  ];
  const { z, p } = twoProportions(one, other);
  expect(z).toBeCloseTo(pair.z_pooled, 5);
  expect(p / pair.p_two_sided).toBeCloseTo(1, 5);
  const gap = difference(one, other);
  expect(gap.value).toBeCloseTo(pair.diff, 6);
  expect(gap.low).toBeCloseTo(pair.newcombe_ci[0], 5);
  expect(gap.high).toBeCloseTo(pair.newcombe_ci[1], 5);
  for (const [{ k, n }, [low, high]] of [
    [one, pair.wilson1],
    [other, pair.wilson2],
  ] as const) {
    expect(rate(k, n)?.low).toBeCloseTo(low, 6);
    expect(rate(k, n)?.high).toBeCloseTo(high, 6);
  }
}

const text = referenceText("ab-reference", "reference.json");
describeWith("ab-reference", text)("published figures", () => {
  const known = JSON.parse(text ?? "{}");

  test.each((known.two_proportions ?? []) as (Pair & { source: string })[])("$source", expectPair);

  test("k arms: R's prop.test of the smokers", () => {
    const { x, n, chi2, df, p } = known.chi_square_k_arms;
    const found = allEqual(x.map((k: number, at: number) => ({ k, n: n[at] })));
    expect(found.dof).toBe(df);
    expect(found.chiSquare).toBeCloseTo(chi2, 6);
    expect(found.p).toBeCloseTo(p, 8);
  });

  test("Wilson's interval, at 0 too", () => {
    for (const { k, n, lo, hi } of known.wilson_95) {
      expect(rate(k, n)?.low).toBeCloseTo(lo, 7);
      expect(rate(k, n)?.high).toBeCloseTo(hi, 7);
    }
  });

  test("Benjamini and Hochberg's own example", () => {
    const { p, bh_adjusted, rejected_bh_05 } = known.benjamini_hochberg;
    const adjusted = benjaminiHochberg(p);
    for (const [at, value] of bh_adjusted.entries()) expect(adjusted[at]).toBeCloseTo(value, 9);
    expect(adjusted.filter((one) => one <= 0.05)).toHaveLength(rejected_bh_05);
    const [first, ...rest] = p;
    expect(benjaminiHochberg([...rest, first])).toEqual([...adjusted.slice(1), adjusted[0]]);
  });

  test("sample sizes and power of R's power.prop.test", () => {
    const ofR = known.sample_size_per_arm.filter(({ source }: { source: string }) => source.startsWith("R"));
    expect(ofR.length).toBeGreaterThan(3);
    for (const { p1, p2, alpha, power, n, n_per_arm } of ofR) {
      expect(sampleSize(p1, p2, { alpha, power }) / (n ?? n_per_arm)).toBeCloseTo(1, 6);
    }
  });

  test("sample ratio", () => {
    for (const { counts, p } of known.srm) expect(sampleRatio(counts, [50, 50]).p / p).toBeCloseTo(1, 1);
  });

  test.each([
    ["lan_demets_obf_spending_K5", 5],
    ["lan_demets_obf_spending_K3", 3],
  ])("%s", (name, many) => {
    const { z } = known.group_sequential_two_sided_05[name];
    const looks = Array.from({ length: many }, (_look, at) => ({
      time: (at + 1) / many,
      information: at + 1,
    }));
    const found = bounds(looks, 0.05);
    for (const [at, bound] of z.entries()) expect(found[at]).toBeCloseTo(bound, 3);
  });
});

const hillstrom = referenceText("ab-hillstrom", "reference.json");
describeWith("ab-hillstrom", hillstrom)("a real test of three arms", () => {
  const known = JSON.parse(hillstrom ?? "{}");

  test("its arms have the sizes they should", () => {
    const sizes = Object.values(known.arms) as number[];
    expect(sampleRatio(sizes, [1, 1, 1]).p).toBeCloseTo(known.srm_p, 8);
  });

  test("visits and conversions, pair by pair", () => {
    const pairs = [...Object.values(known.visit), ...Object.values(known.conversion)] as Pair[];
    expect(pairs).toHaveLength(6);
    for (const pair of pairs) expectPair(pair);
  });
});

test("one look spends everything: the fixed horizon", () => {
  expect(bounds([{ time: 1, information: 7 }], 0.05)[0]).toBeCloseTo(1.959964, 5);
});

test("the unit of information means nothing", () => {
  const looks = [0.3, 0.55, 1].map((time) => ({ time, information: time }));
  const scaled = looks.map(({ time, information }) => ({ time, information: information * 812 }));
  for (const [at, bound] of bounds(looks, 0.05).entries())
    expect(bounds(scaled, 0.05)[at]).toBeCloseTo(bound, 6);
});

test("samples that are large enough need not grow; equal rates never suffice", () => {
  const n = Math.ceil(sampleSize(0.2, 0.25));
  expect(timesLarger({ k: n * 0.25, n }, { k: n * 0.2, n })).toBeCloseTo(1, 2);
  expect(timesLarger({ k: 20, n: 100 }, { k: 20, n: 100 })).toBe(Number.POSITIVE_INFINITY);
});
