import { runAgent } from "../kit/runAgent.ts";
import { queueConfigSchema } from "./config.ts";
import { createQueueService } from "./service.ts";

await runAgent({ role: "queue", schema: queueConfigSchema, create: createQueueService });
