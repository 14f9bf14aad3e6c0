import { z } from "zod";

export const daConfigSchema = z.object({
  host: z.string().default("127.0.0.1"),
  port: z.number().int().min(0).max(65_535),
  /** Folder of the blobs. */
  dataDir: z.string(),
  /** Largest blob taken, bytes. Default 8 MiB: what the biggest public layers take. */
  maxBlobBytes: z
    .number()
    .int()
    .positive()
    .default(8 << 20),
});

export type DaConfig = z.infer<typeof daConfigSchema>;
