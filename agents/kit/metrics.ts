import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/**
 * The metrics of one agent, served at `/metrics`. Names are given without prefix and end in their unit
 * (`_seconds`, `_bytes`, `_sats`, `_total` for counts); the registry writes them as `bvm_<role>_<name>`.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labels?: readonly L[],
  ): Histogram<L>;
}

export function createMetrics(role: string): Metrics {
  const registry = new Registry();
  const prefix = `bvm_${role.replaceAll(/[^a-zA-Z0-9]/g, "_")}_`;
  collectDefaultMetrics({ register: registry, prefix });
  const base = (name: string, help: string) => ({ name: prefix + name, help, registers: [registry] });
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ ...base(name, help), labelNames: [...labels] }),
    gauge: (name, help, labels = []) => new Gauge({ ...base(name, help), labelNames: [...labels] }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ ...base(name, help), buckets, labelNames: [...labels] }),
  };
}
