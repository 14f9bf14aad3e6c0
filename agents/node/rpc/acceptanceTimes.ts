import type { Clock } from "../../kit/clock.ts";
import type { Hex } from "../../kit/hex.ts";
import type { NodeChain } from "../chain/nodeChain.ts";

/** As many of the last accepted transactions are remembered: minutes of a busy chain. */
const REMEMBERED = 100_000;

/**
 * When transactions were accepted, for `bvm_getTransactionStatus`. Kept in memory: after a restart the time of the block is the
 * best that is known, and it is at most a block's time later.
 */
export class AcceptanceTimes {
  readonly #times = new Map<Hex, number>();

  constructor(chain: NodeChain, clock: Clock) {
    chain.subscribe((event) => {
      if (event.kind !== "pendingTransaction") return;
      this.#times.set(event.transaction.hash, clock.now());
      if (this.#times.size > REMEMBERED) this.#times.delete(this.#times.keys().next().value!);
    });
  }

  /** ms since the Unix epoch. */
  of(hash: Hex): number | undefined {
    return this.#times.get(hash);
  }
}
