import type { EpochRange } from "./plan.ts";

/** What the inscriber needs of the epoch before to continue it. */
export interface EpochBefore {
  readonly epoch: number;
  readonly lastBlock: number;
  /** Its inscription's body. */
  readonly body: Uint8Array;
}

/** An epoch ready to be inscribed: its data is published and its proof is made. */
export interface BuiltEpoch {
  readonly body: Uint8Array;
  readonly batchCount: number;
  /** Supersonic's after the epoch, hex. */
  readonly stateRoot: string;
  /** When the last of its data was on the DA layer, ms. */
  readonly publishedAtMs: number;
}

/** Where an epoch is before it is signed. */
export interface EpochProgress extends EpochRange {
  readonly epoch: number;
  /** Known once its data is published. */
  readonly published: { readonly atMs: number; readonly stateRoot: string } | undefined;
}

/**
 * Turns a range of Supersonic blocks into the body of an inscription. Deterministic: the same range gives the same bytes.
 */
export interface EpochBuilder {
  /** The blocks of the epoch after `before` (undefined: the first one), once all of them are sealed. */
  nextRange(before: EpochBefore | undefined): Promise<EpochRange | undefined>;
  /** Undefined while its proof is being made: call again. */
  build(epoch: number, range: EpochRange, before: EpochBefore | undefined): Promise<BuiltEpoch | undefined>;
  /** The epoch that is being built, for those who watch. */
  progress(): EpochProgress | undefined;
  /** What a body read back from Bitcoin says of its epoch. Throws when it is no epoch of this network. */
  describe(body: Uint8Array): EpochRange & { epoch: number; batchCount: number; stateRoot: string };
}
