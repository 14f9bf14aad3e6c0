import { z } from "zod";
import { bitcoinConfigSchema } from "../kit/bitcoin/config.ts";

const chain = z.strictObject({ name: z.string(), genesis: z.string() });

export const lightNodeConfigSchema = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port: z.int().min(0).max(65_535),
  /** Verified state of every chain; deleting it means starting from genesis again. */
  dataDir: z.string(),
  /** File of the network's genesis (agents/kit/epoch/networkGenesis.ts): all that is believed. */
  network: z.string(),
  bitcoin: bitcoinConfigSchema,
  /** A server of the DA layer; trusted with availability alone. */
  da: z.url(),
  /** L3s to rebuild: name and genesis file of each. */
  follow: z.array(chain).default([]),
  /** Name of Supersonic where a chain is asked for by name. */
  supersonicName: z.string().default("supersonic"),
  /** Bitcoin has a block in ten minutes; regtest may have one a second. */
  intervalMs: z.int().positive().default(1000),
});
export type LightNodeConfig = z.output<typeof lightNodeConfigSchema>;
