import type { Clock } from "../kit/clock.ts";
import { nextChainStep, type BlockRef } from "../kit/bitcoin/chainCursor.ts";
import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { sealOf, sealSpends } from "../kit/bitcoin/sealChain.ts";
import type { ReadTransaction } from "../kit/bitcoin/transactionReader.ts";
import type { Logger } from "../kit/logger.ts";
import { StackError } from "../../protocol/errors.ts";
import { readReveal } from "./reveal.ts";
import { Refusal } from "./refusals.ts";
import type { EpochRecord, LightStore, Partial, Position } from "./store.ts";

export type FollowerError = { code: "REORG_TOO_DEEP"; height: number };

/** What an epoch says once everything of it has been checked. */
export type CheckedEpoch = Omit<EpochRecord, "verifiedAt" | "txid" | "bitcoin">;

/** Checks epochs and holds the state they lead to. */
export interface EpochChecker {
  /**
   * Checks everything of the epoch after `epoch` that `body` claims, and holds the state after it. It changes nothing that is
   * served as verified. Throws: Refusal.
   */
  check(body: Uint8Array, epoch: number): Promise<CheckedEpoch>;
  /** Makes the states of all chains those after `epoch`: takes off what is ahead, executes again what is missing. */
  restore(epoch: number): Promise<void>;
}

export interface FollowerModules {
  rpc: BitcoinRpc;
  store: LightStore;
  checker: EpochChecker;
  sealScript: Uint8Array;
  clock: Clock;
  logger: Logger;
}

/** Positions written in one transaction while catching up. */
const BLOCKS_PER_COMMIT = 200;

/**
 * Follows the seal block by block on the best chain. The verified state moves with an epoch of which everything holds, and
 * goes back with the blocks a reorganisation takes.
 */
export function createFollower({ rpc, store, checker, sealScript, clock, logger }: FollowerModules) {
  let pending: Position[] = [];

  const at = (): Position => pending.at(-1) ?? store.position();
  const hashAt = (height: number): string | undefined =>
    pending.find((p) => p.block.height === height)?.block.hash ?? store.hashAt(height);

  async function flush(): Promise<void> {
    if (pending.length > 0) await store.advance(pending);
    pending = [];
  }

  async function rollback(toHeight: number): Promise<void> {
    await flush();
    const to = store.positionAt(toHeight);
    if (!to) throw new StackError<FollowerError>({ code: "REORG_TOO_DEEP", height: toHeight }, "fatal");
    logger.warn("bitcoin reorganised", { from: at().block.height, to: toHeight, epoch: to.epoch });
    await checker.restore(to.epoch);
    await store.rollback(to);
  }

  /** The block in which it stands half way is not the next one any more: what was verified in it goes. */
  async function leavePartial(next: BlockRef | undefined): Promise<void> {
    const partial = store.partial();
    if (!partial || partial.block.hash === next?.hash) return;
    await checker.restore(at().epoch);
    await store.rollback(at());
  }

  async function extend(block: BlockRef): Promise<void> {
    // Inscriptions of the block that were dealt with already are behind the partial position's seal.
    let position: Partial = store.partial() ?? { ...at(), block };
    const { transactions, witnessesCommitted } = await sealSpends(rpc, block.hash, position.seal);
    if (transactions.length > 0) await flush();
    for (const transaction of transactions) position = await take(transaction, witnessesCommitted, position);
    pending.push(position);
    if (transactions.length > 0 || pending.length >= BLOCKS_PER_COMMIT) await flush();
  }

  /** One inscription. Throws what makes the node stand before it. */
  async function take(
    transaction: ReadTransaction,
    witnessesCommitted: boolean,
    position: Partial,
  ): Promise<Partial> {
    const { txid } = transaction;
    const moved = { ...position, seal: sealOf(txid) };
    try {
      if (!witnessesCommitted) throw Refusal.withheld({ code: "WITNESS_NOT_COMMITTED", txid });
      const body = await readReveal(rpc, transaction, position.block, sealScript);
      const checked = await checker.check(body, position.epoch);
      const verifiedAt = new Date(clock.now()).toISOString();
      const next = { ...moved, epoch: checked.epoch };
      await store.verified(next, { ...checked, verifiedAt, txid, bitcoin: position.block });
      logger.info("epoch verified", { epoch: checked.epoch, txid, height: position.block.height });
      return next;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await checker.restore(position.epoch);
      const isFalse = error.kind === "false";
      await store.refused(recordOf(error, txid, position.block), isFalse ? moved : undefined);
      if (!isFalse) throw error;
      logger.warn("inscription refused", { txid, height: position.block.height }, error);
      return moved;
    }
  }

  const recordOf = (error: Refusal, txid: string, bitcoin: BlockRef) => {
    const { code, ...values } = error.type;
    const text = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    return { kind: error.kind, code, values: text, txid, bitcoin, at: new Date(clock.now()).toISOString() };
  };

  return {
    /**
     * Reads until the best chain's tip. Throws a Refusal where it has to stand, after recording it, and what Bitcoin's RPC
     * throws. Positions read so far are kept either way.
     */
    async step(): Promise<void> {
      try {
        for (;;) {
          const step = await nextChainStep(rpc, at().block, hashAt);
          await leavePartial(step.kind === "extend" ? step.block : undefined);
          if (step.kind === "wait") return;
          if (step.kind === "rollback") await rollback(step.toHeight);
          else await extend(step.block);
        }
      } finally {
        await flush();
      }
    },
    position: at,
  };
}
