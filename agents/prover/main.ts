import { assertAllowed } from "../../proving/referenceString/manifest.ts";
import { getReferenceString, parseSource } from "../../proving/referenceString/referenceString.ts";
import { createJobWorker } from "../kit/jobs/worker.ts";
import { runAgent } from "../kit/runAgent.ts";
import { proverConfigSchema } from "./config.ts";
import { loadPrograms } from "./programs.ts";
import { proveStep } from "./proveStep.ts";
import { createProverService } from "./service.ts";

await runAgent({
  role: "prover",
  schema: proverConfigSchema,
  async create(config, context) {
    const { logger } = context;
    const referenceString = await getReferenceString(parseSource(config.crs));
    assertAllowed(referenceString.manifest, config.bitcoinNetwork);
    const onProgram = (program: string, state: string): void => logger.info("program", { program, state });
    const programs = await loadPrograms(referenceString, { onProgram });
    const worker = context.name ? `${config.worker}/${context.name}` : config.worker;
    const jobs = createJobWorker({ url: config.jobs, worker, logger });
    return createProverService(config, {
      ...context,
      jobs,
      prove: (step, signal) => proveStep(step, programs, signal),
    });
  },
});
