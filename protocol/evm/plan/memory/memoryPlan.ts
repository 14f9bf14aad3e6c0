/** Everything about memory in the plan of a chunk: the lists that the circuit's chips of memory get. */
import type { FactBook } from "../factBook.ts";
import { ByteFactsPlan } from "./byteFactsPlan.ts";
import { CopiesPlan, type OpenExternalCode } from "./copiesPlan.ts";
import { type CodeWordAt, CopyRowsPlan } from "./copyRowsPlan.ts";
import { KeccaksPlan } from "./keccaksPlan.ts";
import { LogsPlan, type SetLastLog } from "./logsPlan.ts";
import { MemoryBusPlan } from "./memoryBusPlan.ts";
import { MemoryOpsPlan, type ShiftLeft } from "./memoryOpsPlan.ts";
import type { MemoryFramesPlan, MemoryPlanServices, Rows } from "./memoryServices.ts";
import { MessagesPlan } from "./messagesPlan.ts";

/** What the planners of other chips do for those of memory. */
export interface MemoryNeeds {
  readonly frames: MemoryFramesPlan;
  readonly rows: Rows;
  readonly shiftLeft: ShiftLeft;
  readonly codeWord: CodeWordAt;
  readonly openExternalCode: OpenExternalCode;
  readonly setLastLog: SetLastLog;
}

export class MemoryPlan {
  readonly services: MemoryPlanServices;
  readonly bus: MemoryBusPlan;
  readonly bytes: ByteFactsPlan;
  readonly ops: MemoryOpsPlan;
  readonly copyRows: CopyRowsPlan;
  readonly copies: CopiesPlan;
  readonly messages: MessagesPlan;
  readonly keccaks: KeccaksPlan;
  readonly logs: LogsPlan;

  /** `data`: ids of the words of the transactions' data, the first cells. */
  constructor(book: FactBook, data: readonly number[], needs: MemoryNeeds) {
    this.bus = new MemoryBusPlan(book);
    data.forEach((id, cell) => this.bus.start(cell, id));
    this.bytes = new ByteFactsPlan(book);
    const { frames, rows } = needs;
    this.services = { book, bus: this.bus, bytes: this.bytes, frames, rows };
    this.ops = new MemoryOpsPlan(this.services, needs.shiftLeft);
    this.copyRows = new CopyRowsPlan(this.services, needs.codeWord);
    this.copies = new CopiesPlan(this.services, this.copyRows, needs.openExternalCode);
    this.messages = new MessagesPlan(this.services);
    this.keccaks = new KeccaksPlan(this.services, this.messages);
    this.logs = new LogsPlan(this.services, this.messages, needs.setLastLog);
  }
}
