import { StackError } from "../../../protocol/errors.ts";
import { addUse, shortageOf, type ProofProfiles, type Use } from "../../../protocol/programs/capacity.ts";
import type { BlockMeter, CreateMeter, ExecutedTransaction, MeterSite } from "./blockMeter.ts";
import type { TransactionRefusal } from "./refusedTransaction.ts";
import type { StateReader } from "./stateReader.ts";

/** How a program's blocks are proven, as far as its sequencers need to know. */
export interface ProgramProof {
  readonly profiles: ProofProfiles;
  readonly createMeter: CreateMeter;
}

/** Keeps a block within what one proof of its chain's program holds (I-NODE-03). A refused transaction leaves no trace. */
export class BlockCapacity {
  readonly #proof: ProgramProof;
  readonly #site: MeterSite;
  #meter: BlockMeter | undefined;
  #use: Use;
  #isEmpty = true;

  constructor(proof: ProgramProof, site: MeterSite) {
    this.#proof = proof;
    this.#site = site;
    this.#use = proof.profiles.emptyBlock;
  }

  /** Of the block as it is. */
  get use(): Use {
    return this.#use;
  }

  /** Before a transaction is executed. Throws BLOCK_CAPACITY_EXHAUSTED when there is no room for any. */
  assertRoom(): void {
    const { profiles } = this.#proof;
    const least = addUse(this.#use, profiles.leastTransaction, profiles.greatest);
    this.#assertFits("BLOCK_CAPACITY_EXHAUSTED", least);
  }

  /**
   * Takes a transaction into account as the block's next. `state`: before it.
   * Throws CAPACITY_EXCEEDED: no proof holds it, even alone in its block; BLOCK_CAPACITY_EXHAUSTED: not with those before it.
   */
  admit(executed: ExecutedTransaction, state: StateReader): void {
    this.#meter ??= this.#proof.createMeter(this.#site);
    const use = this.#meter.measure(executed);
    if (shortageOf(this.#proof.profiles, use)) {
      const alone = this.#isEmpty ? use : this.#measureAlone(executed, state);
      this.#assertFits("CAPACITY_EXCEEDED", alone);
      this.#assertFits("BLOCK_CAPACITY_EXHAUSTED", use);
    }
    this.#meter.keep();
    this.#use = use;
    this.#isEmpty = false;
  }

  #measureAlone(executed: ExecutedTransaction, state: StateReader): Use {
    return this.#proof.createMeter({ ...this.#site, state }).measure(executed);
  }

  #assertFits(code: "CAPACITY_EXCEEDED" | "BLOCK_CAPACITY_EXHAUSTED", use: Use): void {
    const shortage = shortageOf(this.#proof.profiles, use);
    if (shortage) throw new StackError<TransactionRefusal>({ code, ...shortage }, "fatal");
  }
}
