/** Gauss-Legendre quadrature; nodes by Newton's method on the Legendre polynomial (Numerical Recipes, 3rd ed., 4.6.1). */

const POINTS = 64;

interface Rule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/** P_n and its slope at x, by the three-term recurrence. */
function legendre(n: number, x: number): { value: number; slope: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  }
  return { value, slope: (n * (x * value - previous)) / (x * x - 1) };
}

function ruleOf(points: number): Rule {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i <= points; i++) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (points + 0.5));
    for (let step = 0; step < 8; step++) {
      const { value, slope } = legendre(points, x);
      x -= value / slope;
    }
    const { slope } = legendre(points, x);
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

const RULE = ruleOf(POINTS);

export function integrate(from: number, to: number, integrand: (x: number) => number): number {
  const half = (to - from) / 2;
  const middle = (from + to) / 2;
  let sum = 0;
  RULE.nodes.forEach((node, index) => {
    sum += (RULE.weights[index] ?? 0) * integrand(middle + half * node);
  });
  return half * sum;
}
