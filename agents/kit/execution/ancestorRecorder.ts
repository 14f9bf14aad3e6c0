import type { BlockEnvironment } from "./blockEnvironment.ts";

/** Remembers the lowest ancestor whose hash a block's transactions asked for; a refused transaction's questions are forgotten. */
export class AncestorRecorder {
  /** The block as its code is to see it. */
  readonly environment: BlockEnvironment;
  #kept: bigint | undefined;
  #recent: bigint | undefined;

  constructor(environment: BlockEnvironment) {
    const blockHash = (number: bigint) => {
      if (this.#recent === undefined || number < this.#recent) this.#recent = number;
      return environment.blockHash(number);
    };
    this.environment = { ...environment, blockHash };
  }

  /** Undefined: none was asked for. */
  get oldest(): bigint | undefined {
    return this.#kept;
  }

  forget(): void {
    this.#recent = undefined;
  }

  keep(): void {
    const recent = this.#recent;
    if (recent !== undefined && (this.#kept === undefined || recent < this.#kept)) this.#kept = recent;
    this.forget();
  }
}
