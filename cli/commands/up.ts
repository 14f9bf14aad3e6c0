import { runNetwork } from "../up/runNetwork.ts";
import { createReporter } from "../up/reporter.ts";

export interface UpOptions {
  readonly dataDir: string;
  readonly l3: number;
  readonly ui: boolean;
  readonly demo: boolean;
}

/** Runs the whole stack until Ctrl-C. */
export async function up(options: UpOptions): Promise<void> {
  const reporter = createReporter(options.ui);
  const abort = new AbortController();
  const onSignal = (): void => {
    reporter.line(
      "stopping: agents finish what they are doing (again to see nothing is lost: just start it once more)",
    );
    abort.abort();
  };
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    await runNetwork({
      ...options,
      l3Count: options.l3,
      reporter,
      signal: abort.signal,
    });
  } finally {
    reporter.close();
  }
}
