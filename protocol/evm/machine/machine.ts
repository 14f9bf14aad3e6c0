import type { Environment } from "./environment.ts";
import type { Primitives } from "./primitives.ts";
import type { Recorder } from "./recorder.ts";
import type { Destruction, StorageWrite } from "./trace.ts";
import type { World } from "./world.ts";

/** What an opcode has to tell of itself beside operands and results; see `Step`. */
export type StepNotes = {
  cold: boolean | undefined;
  newAccount: boolean | undefined;
  storage: StorageWrite | undefined;
  destruction: Destruction | undefined;
};

/** What the frames of a transaction share. */
export type Machine = {
  readonly world: World;
  readonly environment: Environment;
  readonly primitives: Primitives;
  /** Undefined: nothing is recorded. */
  readonly recorder: Recorder | undefined;
  readonly notes: StepNotes;
  readonly origin: bigint;
  /** Wei per gas that the sender pays. */
  readonly gasPrice: bigint;
};
