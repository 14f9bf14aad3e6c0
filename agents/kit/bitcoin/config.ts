import { z } from "zod";
import type { BitcoinAuth } from "./rpc.ts";

/** How an agent reaches its bitcoind, in its configuration file. */
export const bitcoinConfigSchema = z.strictObject({
  url: z.url(),
  auth: z.union([
    z.strictObject({ cookieFile: z.string() }),
    z.strictObject({ user: z.string(), password: z.string() }),
  ]) satisfies z.ZodType<BitcoinAuth>,
  /** Of one call. */
  timeoutMs: z.int().positive().default(30_000),
});
export type BitcoinConfig = z.output<typeof bitcoinConfigSchema>;
