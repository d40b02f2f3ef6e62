// Finds where a function of a few numbers is least, without its derivatives: the downhill simplex.

/** The lowest point found. */
export interface Minimum {
  at: number[];
  value: number;
}

interface Vertex {
  at: number[];
  value: number;
}

/** Nelder and Mead's downhill simplex with the usual four moves (Lagarias et al., SIAM J. Optim. 9, 1998), from a point with
 *  first steps of `step`. Ends when the simplex spans less than `tolerance` in value (relatively) and its root in place, as a smooth valley has it. Where the
 *  function cannot be computed it may give NaN or Infinity: such points are the worst. */
export function minimise(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-7, most = 2_000 } = {},
): Minimum {
  const vertexAt = (at: number[]): Vertex => {
    const value = f(at);
    return { at, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const simplex = [
    vertexAt([...start]),
    ...start.map((_value, i) => vertexAt(start.map((value, j) => value + (i === j ? step : 0)))),
  ];
  for (let round = 0; round < most; round++) {
    simplex.sort((one, other) => one.value - other.value);
    if (isSmall(simplex, tolerance)) break;
    const worst = simplex.pop() as Vertex;
    simplex.push(better(simplex, worst, vertexAt) ?? worst);
    if (simplex.at(-1) !== worst) continue;
    const [best] = simplex as [Vertex];
    for (let i = 1; i < simplex.length; i++)
      simplex[i] = vertexAt(between(best.at, (simplex[i] as Vertex).at, 0.5));
  }
  simplex.sort((one, other) => one.value - other.value);
  return simplex[0] as Vertex;
}

/** The vertex that replaces the worst: reflected, expanded or contracted; undefined when none of them is better. */
function better(
  others: readonly Vertex[],
  worst: Vertex,
  vertexAt: (at: number[]) => Vertex,
): Vertex | undefined {
  const best = others[0] as Vertex;
  const secondWorst = others.at(-1) as Vertex;
  const centre = best.at.map((_value, i) => mean(others.map(({ at }) => at[i] as number)));
  const reflected = vertexAt(between(centre, worst.at, -1));
  if (reflected.value < best.value) {
    const expanded = vertexAt(between(centre, worst.at, -2));
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < secondWorst.value) return reflected;
  const isOutside = reflected.value < worst.value;
  const contracted = vertexAt(between(centre, worst.at, isOutside ? -0.5 : 0.5));
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}

function isSmall(simplex: readonly Vertex[], tolerance: number): boolean {
  const [best] = simplex as [Vertex];
  const worst = simplex.at(-1) as Vertex;
  if (worst.value - best.value > tolerance * Math.max(1, Math.abs(best.value))) return false;
  return simplex.every(({ at }) =>
    at.every((value, i) => Math.abs(value - (best.at[i] as number)) <= Math.sqrt(tolerance)),
  );
}

function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((value, i) => value + share * ((to[i] as number) - value));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
