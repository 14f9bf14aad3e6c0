import { StackError } from "../../../protocol/errors.ts";
import type { Chain } from "../../kit/execution/chain.ts";
import { bigIntToBytes, bytesToBigInt, fromHex, toHex, type Hex } from "../../kit/hex.ts";
import type { Store, Table } from "../../kit/lmdb.ts";
import type { Logger } from "../../kit/logger.ts";
import type { FinalityHeads } from "../chain/blockIndex.ts";
import type { FinalitySource } from "./finalitySource.ts";
import { planHead, type Head } from "./planHead.ts";

export type FinalityError =
  /** Somebody vouches for another state than ours after this block: one of us is wrong, and a person must find out who. */
  { code: "FINALITY_MISMATCH"; head: HeadName; blockNumber: bigint; expected: Hex; actual: Hex };

type HeadName = "safe" | "finalized";

export interface FinalityModules {
  readonly chain: Pick<Chain, "head" | "records">;
  readonly store: Store;
  readonly logger: Logger;
  /** Undefined: nobody is asked, and the head stays where it is. */
  readonly sources: {
    readonly safe: FinalitySource | undefined;
    readonly finalized: FinalitySource | undefined;
  };
  readonly moved: (heads: FinalityHeads) => void;
}

/**
 * Follows what others say of this chain: `safe` = its data is published, `finalized` = verified on Bitcoin. Kept on the disk, so
 * that a restart does not take back what users were told. What is final is safe too.
 *
 *   finality   "safe" | "finalized" -> blockNumber u64 | seenAtHeight u64 | stateRoot 32
 */
export class FinalityFollower {
  readonly #modules: FinalityModules;
  readonly #table: Table;
  readonly #heads = new Map<HeadName, Head>();

  constructor(modules: FinalityModules) {
    this.#modules = modules;
    this.#table = modules.store.table("finality");
    for (const name of ["safe", "finalized"] as const) {
      const bytes = this.#table.getBinary(Buffer.from(name));
      if (bytes) this.#heads.set(name, decodeHead(bytes));
    }
  }

  /** Never beyond the last sealed block. */
  heads(): FinalityHeads {
    const { number: latest } = this.#modules.chain.head;
    const finalized = min(this.#heads.get("finalized")?.blockNumber ?? 0n, latest);
    const safe = min(this.#heads.get("safe")?.blockNumber ?? 0n, latest);
    return { finalized, safe: safe > finalized ? safe : finalized };
  }

  /** Asks both sources once; one that fails does not hold up the other. Throws the first failure. */
  async step(): Promise<void> {
    const { sources } = this.#modules;
    const before = this.heads();
    const results = await Promise.allSettled([
      this.#follow("safe", sources.safe),
      this.#follow("finalized", sources.finalized),
    ]);
    const after = this.heads();
    if (after.safe !== before.safe || after.finalized !== before.finalized) this.#modules.moved(after);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #follow(name: HeadName, source: FinalitySource | undefined): Promise<void> {
    const seen = await source?.observe();
    if (!seen) return;
    this.#assertOurs(name, seen);
    const head = this.#heads.get(name);
    const next = planHead(head, seen);
    if (next === head || (head && same(next, head))) return;
    await this.#modules.store.commit(() => this.#table.putSync(Buffer.from(name), encodeHead(next)));
    this.#heads.set(name, next);
    const { blockNumber } = next;
    if (head && blockNumber < head.blockNumber)
      this.#modules.logger.warn("head moved back by a reorganisation below", {
        head: name,
        from: head.blockNumber,
        to: blockNumber,
      });
    else if (blockNumber !== head?.blockNumber)
      this.#modules.logger.info("head moved", { head: name, blockNumber });
  }

  /** A block we have not sealed cannot be compared; it counts once we have it. */
  #assertOurs(head: HeadName, { blockNumber, stateRoot: actual }: Head): void {
    const expected = this.#modules.chain.records.header(blockNumber)?.stateRoot;
    if (expected !== undefined && expected !== actual)
      throw new StackError<FinalityError>(
        { code: "FINALITY_MISMATCH", head, blockNumber, expected, actual },
        "retry",
      );
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const same = (a: Head, b: Head): boolean =>
  a.blockNumber === b.blockNumber && a.seenAtHeight === b.seenAtHeight && a.stateRoot === b.stateRoot;

const encodeHead = ({ blockNumber, seenAtHeight, stateRoot }: Head): Buffer =>
  Buffer.concat([bigIntToBytes(blockNumber, 8), bigIntToBytes(seenAtHeight, 8), fromHex(stateRoot)]);

const decodeHead = (bytes: Uint8Array): Head => ({
  blockNumber: bytesToBigInt(bytes.subarray(0, 8)),
  seenAtHeight: bytesToBigInt(bytes.subarray(8, 16)),
  stateRoot: toHex(bytes.subarray(16)),
});
