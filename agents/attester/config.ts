import { z } from "zod";

export const attesterConfigSchema = z.object({
  host: z.string().default("127.0.0.1"),
  port: z.number().int().min(0).max(65_535),
  /** Where the data is looked for: an OP alt-DA server. */
  da: z.url(),
  /** Folder of the copies this member keeps. */
  dataDir: z.string(),
  /** Secret: the member's key, 32 bytes hex. */
  privateKey: z.string().regex(/^0x[0-9a-fA-F]{64}$/),
  /** The committee contract, and the id of the chain it is on. */
  committee: z.strictObject({
    address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    chainId: z.number().int().positive().transform(BigInt),
  }),
  /** Largest compressed batch or inner proof fetched, bytes. */
  maxBlobBytes: z
    .number()
    .int()
    .positive()
    .default(8 << 20),
});

export type AttesterConfig = z.output<typeof attesterConfigSchema>;
