/** Makes a failing case small while it fails in the same way. */
import { fromHex, type Hex } from "../../../../agents/kit/hex.ts";
import { concatBytes } from "../../../../protocol/bytes.ts";
import type { FuzzBlock, FuzzCase, FuzzContract, FuzzTransaction } from "./fuzzCase.ts";
import { proveCase } from "./proveCase.ts";

type Smaller = () => Iterable<FuzzCase>;

/** `attempts`: cases that are tried at most. */
export async function shrink(fuzzCase: FuzzCase, signature: string, attempts = 200): Promise<FuzzCase> {
  let best = fuzzCase;
  let left = attempts;
  const fails = async (candidate: FuzzCase): Promise<boolean> =>
    left-- > 0 && (await proveCase(candidate)).failure?.signature === signature;
  const steps = (): Smaller[] => [() => withoutSlack(best), () => fewerTransactions(best), () => fewerBlocks(best), () => fewerContracts(best), () => shorterCodes(best), () => plainer(best)]; // prettier-ignore
  for (let isSmaller = true; isSmaller && left > 0;) {
    isSmaller = false;
    for (const step of steps())
      for (let again = true; again && left > 0;) {
        again = false;
        for (const candidate of step())
          if (await fails(candidate)) {
            [best, again, isSmaller] = [candidate, true, true];
            break;
          }
      }
  }
  return best;
}

function* withoutSlack(from: FuzzCase): Iterable<FuzzCase> {
  if (from.slack !== 0) yield { ...from, slack: 0 };
}

const without = <T>(list: readonly T[], i: number): T[] => list.toSpliced(i, 1);

function* fewerTransactions(from: FuzzCase): Iterable<FuzzCase> {
  for (const part of ["setup", "blocks"] as const)
    for (const [i, block] of from[part].entries())
      for (let j = block.transactions.length - 1; j >= 0; j--) {
        const fewer: FuzzBlock = { ...block, transactions: without(block.transactions, j) };
        yield { ...from, [part]: from[part].with(i, fewer) };
      }
}

function* fewerBlocks(from: FuzzCase): Iterable<FuzzCase> {
  for (let i = 0; i < from.setup.length; i++) yield { ...from, setup: without(from.setup, i) };
  if (from.blocks.length > 1)
    for (let i = 0; i < from.blocks.length; i++) yield { ...from, blocks: without(from.blocks, i) };
}

function* fewerContracts(from: FuzzCase): Iterable<FuzzCase> {
  for (let i = 0; i < from.contracts.length; i++) yield { ...from, contracts: without(from.contracts, i) };
}

/** Parts of a code cut out, large ones first; a jump over a part is relative where random code makes it. */
function* cuts(code: Hex): Iterable<Hex> {
  const bytes = fromHex(code);
  for (let size = Math.ceil(bytes.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 3))
    for (let end = bytes.length; end > 0; end -= size)
      yield `0x${Buffer.from(concatBytes([bytes.slice(0, Math.max(0, end - size)), bytes.slice(end)])).toString("hex")}`;
}

function* shorterCodes(from: FuzzCase): Iterable<FuzzCase> {
  for (const [i, contract] of from.contracts.entries())
    for (const code of cuts(contract.code)) yield withContract(from, i, { ...contract, code });
  for (const [i, j, sent] of transactionsOf(from))
    for (const data of cuts(sent.data)) yield withTransaction(from, i, j, { ...sent, data });
}

function* plainer(from: FuzzCase): Iterable<FuzzCase> {
  for (const [i, contract] of from.contracts.entries())
    if (contract.storage.length > 0) yield withContract(from, i, { ...contract, storage: [] });
  for (const [i, j, sent] of transactionsOf(from)) {
    if (sent.accessList.length > 0) yield withTransaction(from, i, j, { ...sent, accessList: [] });
    if (sent.value > 0n) yield withTransaction(from, i, j, { ...sent, value: 0n });
    if (sent.type !== 2) yield withTransaction(from, i, j, { ...sent, type: 2 });
  }
}

function* transactionsOf(from: FuzzCase): Iterable<[number, number, FuzzTransaction]> {
  for (const [i, { transactions }] of from.blocks.entries())
    for (const [j, sent] of transactions.entries()) yield [i, j, sent];
}

const withContract = (from: FuzzCase, i: number, contract: FuzzContract): FuzzCase => ({
  ...from,
  contracts: from.contracts.with(i, contract),
});

function withTransaction(from: FuzzCase, i: number, j: number, sent: FuzzTransaction): FuzzCase {
  const block = from.blocks[i]!;
  return {
    ...from,
    blocks: from.blocks.with(i, { ...block, transactions: block.transactions.with(j, sent) }),
  };
}
