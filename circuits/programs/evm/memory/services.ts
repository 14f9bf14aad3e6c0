/** What the chips of memory need of others, and what they share. */
import type { Builder } from "../../../builder/builder.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumn } from "../services.ts";
import type { MemoryBus } from "./memoryBus.ts";

/** The table of frames, as far as memory needs it. Assumes: frame 0, which is nobody's return data, has an output of 0 bytes. */
export interface MemoryFrames {
  read(column: FrameColumn, f: Wire, name: string): Wire;
}

export interface MemoryServices {
  readonly b: Builder;
  readonly facts: Facts;
  readonly bus: MemoryBus;
  readonly frames: MemoryFrames;
}

/** The code of another account (EXTCODECOPY): the access is at row `t`, and made where `condition` is 1. */
export interface ExternalCode {
  open(
    access: { readonly t: Wire; readonly address: Word; readonly condition: Bool },
    name: string,
  ): ExternalCodeWires;
}
export interface ExternalCodeWires {
  /** For warm or cold access (EIP-2929); below 2^20, 0 where nothing is accessed. */
  readonly gas: Wire;
  /** Position of the first symbol, below 2^20; bytes, below 2^24. */
  readonly codeBase: Wire;
  readonly codeSize: Wire;
}

/** keccak256 of the message with this commitment; of the commitment 0 any word. */
export type Digest = (commitment: Wire, name: string) => Word;

/** The state's cell that holds the number of the transaction's last log: puts `number` there, gives what it held. */
export interface LastLog {
  set(t: Wire, number: Wire, name: string, condition: Bool): Wire;
}
