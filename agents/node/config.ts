import { z } from "zod";
import { isHex, type Hex } from "../kit/hex.ts";

const address = z
  .string()
  .refine((text) => isHex(text, 20), "0x and 20 bytes")
  .transform((text) => text.toLowerCase() as Hex);

/** Operator's settings of a node. The chain's own rules are in its genesis. */
export const nodeConfig = z.strictObject({
  /** Folder of the chain's store; made when missing. */
  dataDir: z.string(),
  /** File with the genesis (agents/kit/execution/genesis.ts). */
  genesis: z.string(),
  host: z.string().default("127.0.0.1"),
  /** 0 = any free port. */
  port: z.int().min(0).max(65_535),
  /** Gets the priority fees. Default: the genesis' fee recipient. */
  feeRecipient: address.optional(),
  blockTimeMs: z.int().positive().default(1_000),
  /** Default: as `blockTimeMs`. Greater on chains whose empty blocks cost proofs. */
  idleBlockTimeMs: z.int().positive().optional(),
  /** Where `safe` comes from. None: nothing is safe before it is final. */
  safe: z
    .discriminatedUnion("kind", [
      /** An L3: settled in its Rollup on the parent chain. */
      z.strictObject({ kind: z.literal("rollup"), rpc: z.url(), address }),
      /** Supersonic: published in an epoch, by the `GET /status` of who publishes it. */
      z.strictObject({ kind: z.literal("status"), url: z.url() }),
    ])
    .optional(),
  /** Where `finalized` comes from: a light node of the operator's own. */
  lightNode: z.url().optional(),
  finalityPollMs: z.int().positive().default(1_000),
  pool: z
    .strictObject({
      maxWaiting: z.int().positive().default(10_000),
      maxWaitingPerSender: z.int().positive().default(64),
    })
    .prefault({}),
  rpc: z
    .strictObject({
      /** Gas of one eth_call: about a second of computing. */
      callGasCap: z.int().positive().default(30_000_000),
      maxLogBlocks: z.int().positive().default(10_000),
      maxLogs: z.int().positive().default(10_000),
      /** Wei per gas suggested when blocks are quiet. */
      minPriorityFee: z.int().nonnegative().default(1_000_000),
      maxBatch: z.int().positive().optional(),
      maxBodyBytes: z.int().positive().optional(),
    })
    .prefault({}),
});

export type NodeConfig = z.output<typeof nodeConfig>;
