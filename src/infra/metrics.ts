// Figures of the running process for Prometheus.
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** where slices register figures of their own */
  registry: Registry;
  /** Counts one answered request. `route` is the pattern, never the path: paths have no end. */
  answered(route: string, method: string, status: number, ms: number): void;
}

/** A fresh set of figures, with those of Node itself. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "http_request_duration_seconds",
    help: "How long requests took, by route, method and status",
    labelNames: ["route", "method", "status"] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  return {
    registry,
    answered: (route, method, status, ms) => requests.observe({ route, method, status }, ms / 1000),
  };
}
