import { runNetwork } from "../up/runNetwork.ts";
import { createReporter } from "../up/reporter.ts";

export interface UpOptions {
  readonly dataDir: string;
  readonly l3: number;
  readonly ui: boolean;
  readonly demo: boolean;
}

/** Runs the whole stack until Ctrl-C, or until its terminal or whoever reads its output is gone: no agent is left behind. */
export async function up(options: UpOptions): Promise<void> {
  const reporter = createReporter(options.ui);
  const abort = new AbortController();
  const onSignal = (): void => {
    reporter.line("stopping: agents finish what they are doing; the next bvm up goes on from here");
    abort.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, onSignal);
  process.stdout.on("error", () => abort.abort());
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
