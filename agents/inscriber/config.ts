import { z } from "zod";
import { bitcoinConfigSchema } from "../kit/bitcoin/config.ts";

const wholePositive = z.int().positive();

export const inscriberConfigSchema = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port: z.int().min(0).max(65_535),
  /** The journal. Losing it costs at most one fee: it is read back from Bitcoin. */
  dataDir: z.string(),
  /** File of the network's genesis (agents/kit/epoch/networkGenesis.ts). */
  network: z.string(),
  bitcoin: bitcoinConfigSchema,
  /** File with the secret of the seal and funding keys: 64 hex digits. Readable by the owner alone. */
  keyFile: z.string(),
  /** JSON-RPC of a Supersonic node. */
  supersonic: z.url(),
  da: z.url(),
  /** Database of the proof queue. */
  jobs: z.string(),
  /** Default: a minute of Supersonic's time; ten when nothing happens on it. */
  epoch: z
    .union([
      z.strictObject({ blocks: wholePositive }),
      z.strictObject({ seconds: wholePositive, idleSeconds: wholePositive.optional() }),
    ])
    .default({ seconds: 60, idleSeconds: 600 }),
  /** `mine` = in blocks of our own, on regtest only; `relay` falls back to it there where the node's policy rejects envelopes. */
  publisher: z.enum(["relay", "mine"]).default("relay"),
  /** A reorganisation of six blocks has not been seen on Bitcoin's main network since 2013. */
  finalConfirmations: wholePositive.default(6),
  /** Two transactions each; a mempool follows 25 that depend on each other. */
  maxUnconfirmed: z.int().min(1).max(10).default(5),
  /** An hour on average. */
  bumpAfterBlocks: wholePositive.default(6),
  /** Each bump must pay a fourth more: fewer, larger steps cost less than many small ones. */
  bumpFactor: z.number().min(1.1).default(1.25),
  /** sat/vB. What an operator is ready to pay; above it epochs wait. */
  maxFeeRate: z.number().min(1).default(100),
  feeTargetBlocks: wholePositive.default(3),
  intervalMs: wholePositive.default(1000),
});
export type InscriberConfig = z.output<typeof inscriberConfigSchema>;
