// Takes one job and holds it, renewing its lease, until it is killed.
import { createLogger } from "../../../agents/kit/logger.ts";
import { createJobWorker } from "../../../agents/kit/jobs/worker.ts";

const [url, worker] = process.argv.slice(2) as [string, string];
const jobs = createJobWorker({ url, worker, logger: createLogger("worker") });
const claimed = await jobs.claim();
if (!claimed) throw new Error("no job");
process.stdout.write(`{"msg":"holds a job","id":"${claimed.id}"}\n`);
setInterval(() => void jobs.renew(claimed.id), 200);
