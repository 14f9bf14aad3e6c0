/** One agent as the supervisor runs it: its own process, its own log file. */
export interface ProcessSpec {
  /** Unique name, also of its log file: `node-supersonic`, `batcher-demo`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Answers 200 when the process serves; asked until it does before the next process starts. */
  readonly healthUrl?: string;
}

export type ProcessState = "starting" | "running" | "restarting" | "stopped";
