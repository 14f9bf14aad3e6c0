import { z } from "zod";

export const attesterConfigSchema = z.object({
  host: z.string().default("127.0.0.1"),
  port: z.number().int().min(0).max(65_535),
  /**
   * The rollups this member signs for, by address, and the node of each one's sequencer: what is not the sequencer's chain is
   * not signed, or anybody could settle blocks of their own making.
   */
  rollups: z.record(
    z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/)
      .toLowerCase(),
    z.strictObject({ layer3: z.url() }),
  ),
  /** Where the data is looked for: an OP alt-DA server. */
  da: z.url(),
  /** Folder of the copies this member keeps. */
  dataDir: z.string(),
  /** File with the member's secret key: 64 hex digits. Readable by the owner alone. */
  keyFile: z.string(),
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
