import { runAgent } from "../kit/runAgent.ts";
import { daConfigSchema } from "./config.ts";
import { createDaService } from "./service.ts";

await runAgent({ role: "da", schema: daConfigSchema, create: createDaService });
