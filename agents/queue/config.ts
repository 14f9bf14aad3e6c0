import { z } from "zod";

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

export const queueConfigSchema = z
  .strictObject({
    /** Where clients connect: postgres://postgres@host:port/postgres. */
    host: z.string().default("127.0.0.1"),
    port: z.number().int().min(0).max(65_535),
    /** Needed on every address but loopback. */
    password: z.string().min(16).optional(),
    /** `/health` and `/metrics`, on loopback. */
    statusPort: z.number().int().min(0).max(65_535).default(0),
    /** Folder of the embedded database. */
    dataDir: z.string(),
  })
  .refine(({ host, password }) => LOOPBACK.includes(host) || password !== undefined, {
    path: ["password"],
    message: "needed when the queue is reachable from other machines",
  });

export type QueueConfig = z.infer<typeof queueConfigSchema>;
