import { z } from "zod";

const wholePositive = z.int().positive();

export const batcherConfigSchema = z.strictObject({
  host: z.string().default("127.0.0.1"),
  /** `GET /batches`, `/health`, `/metrics`. */
  port: z.int().min(0).max(65_535),
  /** The journal: of what was published, and of signed transactions. */
  dataDir: z.string(),
  /** File with the secret key of the account that pays for settling: 64 hex digits. Readable by the owner alone. */
  keyFile: z.string(),
  /** JSON-RPC of the chain the L3 settles on, and its id. */
  supersonic: z.url(),
  supersonicChainId: wholePositive.transform(BigInt),
  /** The L3's Rollup contract, and a block before its creation: where reading its events begins. */
  rollup: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  rollupFromBlock: z.int().nonnegative().default(0),
  /** JSON-RPC of the L3's node. */
  layer3: z.url(),
  da: z.url(),
  /** Members of the DA committee, by the address of their server. */
  attesters: z.array(z.url()).min(1),
  /** Database of the proof queue. */
  jobs: z.string(),
  /** A transaction waits no longer than this for its batch to be cut, ms. */
  maxAgeMs: wholePositive.default(5_000),
  /** Blocks without transactions wait this long, ms: they cost a proof and nobody waits for them. */
  maxIdleMs: wholePositive.default(600_000),
  /** Largest batch before compression, bytes. Default: fits one transaction of every DA layer without compression. */
  maxBatchBytes: wholePositive.default(120_000),
  /** Proofs merged into one batch at most. */
  maxChunks: wholePositive.default(4),
  /** Batches published and not yet settled at most. */
  maxOpen: wholePositive.default(4),
  confirmations: wholePositive.default(1),
  stuckAfterMs: wholePositive.default(30_000),
  intervalMs: wholePositive.default(500),
});

export type BatcherConfig = z.output<typeof batcherConfigSchema>;
export type BatchLimits = Pick<
  BatcherConfig,
  "maxAgeMs" | "maxIdleMs" | "maxBatchBytes" | "maxChunks" | "maxOpen"
>;
