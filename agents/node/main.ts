import { runAgent } from "../kit/runAgent.ts";
import { nodeConfig } from "./config.ts";
import { createNodeService } from "./service.ts";

await runAgent({ role: "node", schema: nodeConfig, create: createNodeService });
