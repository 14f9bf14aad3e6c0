import { runAgent } from "../kit/runAgent.ts";
import { inscriberConfigSchema } from "./config.ts";
import { createInscriberService } from "./service.ts";

await runAgent({ role: "inscriber", schema: inscriberConfigSchema, create: createInscriberService });
