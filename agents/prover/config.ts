import { hostname } from "node:os";
import { z } from "zod";

export const proverConfigSchema = z.object({
  /** Job queue: postgres:// URL of a PostgreSQL server or of the queue agent. */
  jobs: z.string().regex(/^postgres(ql)?:\/\//),
  /** Unique among the provers of a queue, and the same after a restart: by it a restarted prover finds its own jobs. */
  worker: z.string().min(1).max(64).default(hostname()),
  /** Reference string: "local" (development only), "aztec", or a powers-of-tau file (*.ptau). */
  crs: z.string().default("local"),
  /** Bitcoin network the proofs are for: a local reference string is refused on any but a local one. */
  bitcoinNetwork: z.string(),
  host: z.string().default("127.0.0.1"),
  /** `/health` and `/metrics`. */
  port: z.number().int().min(0).max(65_535),
  /** How often an idle prover looks for work, ms. */
  pollMs: z.number().int().positive().default(500),
});

export type ProverConfig = z.output<typeof proverConfigSchema>;
