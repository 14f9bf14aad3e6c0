/** What the frames chip needs of others. */
import type { Rom } from "../../../builder/rom.ts";
import type { Wire, Word, Bool } from "../../../builder/wire.ts";
import type { Capacities } from "../../../../protocol/evm/capacities.ts";
import type { CodeObjects } from "../code/codeObjects.ts";
import type { Facts } from "../facts/facts.ts";
import type { CopyRequest } from "../memory/copyRows.ts";
import type { MemoryBus } from "../memory/memoryBus.ts";
import type { Accounts } from "../state/accounts.ts";
import type { StateBus } from "../state/stateBus.ts";
import type { FrameTable } from "./frameTable.ts";

export interface FrameServices {
  readonly facts: Facts;
  readonly frames: FrameTable;
  readonly state: StateBus;
  readonly accounts: Accounts;
  readonly codes: CodeObjects;
  readonly memory: MemoryBus;
  /** Copies of a callee's output into its caller's memory (copyRows.ts). */
  readonly copies: { add(request: CopyRequest, name: string): void };
  /** Byte + 512 * isPushData by position in the table of all code. */
  readonly symbols: Rom<Wire>;
  readonly capacities: Capacities;
}

/** keccak256 of the message with this commitment, where `condition` is 1. */
export type Digest = (commitment: Wire, name: string, condition: Bool) => Word;
