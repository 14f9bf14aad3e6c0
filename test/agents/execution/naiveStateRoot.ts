import type { Receipt } from "../../../agents/kit/execution/receipt.ts";
import type { ChangeSet, StateReader } from "../../../agents/kit/execution/stateReader.ts";
import { bytesToBigInt } from "../../../agents/kit/hex.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { Domain } from "../../../protocol/domains.ts";
import { hash } from "../../../protocol/hash.ts";
import { codeIdentity } from "../../../protocol/state/code.ts";

const splitWord = (word: bigint): [bigint, bigint] => [word >> 128n, word & (2n ** 128n - 1n)];
const EMPTY = BigInt("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

/**
 * The state root from the definition in docs/ARCHITECTURE.md, nothing kept or shared: key by key in the canonical order, then the
 * whole tree hashed once. `changeSets`: of every transaction since genesis, the allocation first; `state`: after the last;
 * `receiptsHead`: `naiveReceiptsHead` of their receipts.
 */
export function naiveStateRoot(
  changeSets: readonly ChangeSet[],
  state: StateReader,
  receiptsHead = 0n,
): bigint {
  const values = new Map<bigint, bigint>();
  for (const changes of changeSets) {
    const inserted: [bigint, bigint][] = [];
    const put = (key: bigint, value: bigint, empty: boolean): void => {
      if (values.has(key)) values.set(key, value);
      else if (!empty) inserted.push([key, value]);
    };
    for (const [address, account] of changes.accounts) {
      const key = hash(Domain.ACCOUNT_KEY, [BigInt(address)]);
      const { nonce, balance, codeHash, codeSize } = account ?? {
        nonce: 0n,
        balance: 0n,
        codeHash: undefined,
        codeSize: 0,
      };
      const commitment = codeSize > 0 ? codeIdentity(state.code(codeHash!)).codeCommitment : 0n;
      const hashOfCode = codeSize > 0 ? bytesToBigInt(codeHash!) : EMPTY;
      const value = [
        nonce + 2n ** 64n * BigInt(codeSize),
        ...splitWord(balance),
        ...splitWord(hashOfCode),
        commitment,
      ];
      put(key, hash(Domain.ACCOUNT_VALUE, value), account === undefined);
    }
    for (const [address, slots] of changes.storage)
      for (const [slot, bytes] of slots) {
        const value = bytesToBigInt(bytes);
        const key = hash(Domain.STORAGE_KEY, [BigInt(address), ...splitWord(BigInt(slot))]);
        put(key, hash(Domain.STORAGE_VALUE, splitWord(value)), value === 0n);
      }
    for (const [key, value] of inserted.sort(([a], [b]) => (a < b ? -1 : 1))) values.set(key, value);
  }
  return hash(Domain.STATE, [treeRoot([[0n, 0n], ...values]), BigInt(values.size + 1), receiptsHead]);
}

/** The receipts' head from its definition. `blocks`: the receipts of each block since genesis, from block 1 on. */
export function naiveReceiptsHead(blocks: readonly (readonly Receipt[])[]): bigint {
  let head = 0n;
  blocks.forEach((receipts, i) => {
    for (const { status, gasUsed, logs } of receipts) {
      let logsHead = 0n;
      for (const { address, topics, data } of logs) {
        const words = topics.flatMap((topic) => splitWord(BigInt(topic)).reverse());
        logsHead = hash(Domain.LOG, [
          logsHead,
          BigInt(address),
          BigInt(topics.length),
          ...words,
          naiveMessage(data),
        ]);
      }
      head = hash(Domain.RECEIPT, [head, BigInt(i + 1), BigInt(status) + 2n * gasUsed, logsHead]);
    }
  });
  return head;
}

function naiveMessage(data: Uint8Array): bigint {
  let commitment = hash(Domain.MESSAGE, [BigInt(data.length)]);
  for (let at = 0; at < data.length; at += 32) {
    const word = Buffer.alloc(32);
    word.set(data.subarray(at, at + 32));
    commitment = hash(Domain.MESSAGE, [commitment, ...splitWord(bytesToBigInt(word)).reverse()]);
  }
  return commitment;
}

function treeRoot(entries: [bigint, bigint][]): bigint {
  const index = new Map(entries.map(([key], i) => [key, i]));
  const sorted = [...index.keys()].sort((a, b) => (a < b ? -1 : 1));
  const next = new Map(sorted.map((key, i) => [key, sorted[i + 1] ?? 0n]));
  let level = entries.map(([key, value]) => {
    const after = next.get(key)!;
    return hash(Domain.LEAF, [key, after, after === 0n ? 0n : BigInt(index.get(after)!), value]);
  });
  let empty = 0n;
  for (let depth = 0; depth < TREE_DEPTH; depth++) {
    if (level.length % 2 === 1) level.push(empty);
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      hash(Domain.NODE, [level[2 * i]!, level[2 * i + 1]!]),
    );
    empty = hash(Domain.NODE, [empty, empty]);
  }
  return level[0]!;
}
