import { runAgent } from "../kit/runAgent.ts";
import { lightNodeConfigSchema } from "./config.ts";
import { createLightNodeService } from "./service.ts";

await runAgent({ role: "light-node", schema: lightNodeConfigSchema, create: createLightNodeService });
