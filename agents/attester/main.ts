import { runAgent } from "../kit/runAgent.ts";
import { attesterConfigSchema } from "./config.ts";
import { createAttesterService } from "./service.ts";

await runAgent({ role: "attester", schema: attesterConfigSchema, create: createAttesterService });
