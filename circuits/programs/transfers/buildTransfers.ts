/**
 * The program `transfers`: consecutive blocks of transfers take one tip of a chain to another (docs/spec/transfers.md).
 *
 * Proves: the statement of protocol/publicInputs.ts, selfKeyHash 0, for between 1 and `parameters.blocks` blocks with at
 *   most `parameters.transfers` transfers.
 * Assumes: `prev` is a tip of the chain, reached from its genesis: its state root is that of an indexed tree. The caller of
 *   a proof checks that (the contract by its record, a merge by chaining).
 */
import { Builder, type Built, type Term } from "../../builder/builder.ts";
import { assertBits } from "../../builder/ranges.ts";
import { fieldRom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { stateRootOfWires } from "../../gadgets/account.ts";
import { Powers256 } from "../../gadgets/byteStream.ts";
import { splitField } from "../../gadgets/canonicalField.ts";
import { challengePoint } from "../../gadgets/challengePoint.ts";
import { LeafReplacements } from "../../gadgets/leafReplacements.ts";
import { limbsOfBytes, wordOfLimbs } from "../../gadgets/limbs.ts";
import { assertSigner } from "../../gadgets/recoverSigner.ts";
import { segmentHashes } from "../../gadgets/segmentHashes.ts";
import { legacySuffix } from "../../gadgets/legacySuffix.ts";
import { hashFields } from "../../gadgets/sponge.ts";
import { applyTransfer } from "./applyTransfer.ts";
import { chainBlocks, chainHashes } from "./blocks.ts";
import { hashRows, replacementCapacity, type TransfersParameters } from "./parameters.ts";
import type { TransfersPlan } from "./plan.ts";
import { type ChainWires, publishStatement, witnessChain } from "../evm/chainStatement.ts";
import { chainReceipts } from "./receipts.ts";
import { type Places, readTransfer, type Transfer } from "./transfer.ts";
import { streamLength, transferStream } from "./transferStream.ts";

/** Of the hash that fixes the challenge point: no domain of the protocol, whose numbers are below 64. */
const SIGNATURE_CHALLENGE = 64;

/** Without a plan: the circuit alone, for its key. `builder`: one that a test lets lie. */
export function buildTransfers(
  parameters: TransfersParameters,
  plan: TransfersPlan | null,
  b: Builder = new Builder(plan === null ? "shape" : "prove"),
): Built {
  // Witness functions run only when there is a plan.
  const given = (): TransfersPlan => plan!;
  const chain = witnessChain(b, given);
  const blocks = chainBlocks(b, chain, parameters.blocks, (i) => given().blocks[i]);
  const powers = new Powers256(b, streamLength(parameters));
  const source = transferStream(b, parameters, powers, () => given().stream);
  const suffix = legacySuffix(b, chain.chainId, "legacySuffix");
  const places: Places = { chain, blocks, source, suffix, powers };
  const { transfers, positions } = readTransfers(b, parameters, places, given);
  const dataHash = hashBlocks(b, parameters, places, positions, given);
  assertSigners(b, chain, dataHash, transfers);
  const stateRoot = applyTransfers(b, parameters, chain, transfers, given);
  publishStatement(b, chain, { stateRoot, dataHash, ...blocks.last });
  return b.finish();
}

type Given = () => TransfersPlan;

/** The transfers of all places and where each begins; as many are active as the blocks count. */
function readTransfers(
  b: Builder,
  parameters: TransfersParameters,
  places: Places,
  given: Given,
): { transfers: Transfer[]; positions: Wire[] } {
  const transfers: Transfer[] = [];
  const positions: Wire[] = [b.zero];
  let before: Bool = b.one;
  for (let i = 0; i < parameters.transfers; i++) {
    const transfer = b.scope(`transfer[${i}]`, () =>
      readTransfer(b, places, i, positions[i]!, before, () => given().transfers[i]),
    );
    transfers.push(transfer);
    positions.push(transfer.next);
    before = transfer.active;
  }
  const count = transfers.map(({ active }): Term => [1n, active]);
  b.assertZero([], [...count, [-1n, places.blocks.transfers]], 0n, "transfers.asBlocksCount");
  return { transfers, positions };
}

/** The hash of the last block. A block's transactions are the bytes between its first transfer and the next block's. */
function hashBlocks(
  b: Builder,
  parameters: TransfersParameters,
  { chain, blocks, source }: Places,
  positions: readonly Wire[],
  given: Given,
): Wire {
  const table = fieldRom(b, positions, "positions");
  const cuts = blocks.firstTransfers.map((first, i) => table.read(b, first, `block.position[${i}]`));
  const segments = { stream: source.stream, heads: blocks.heads, positions: cuts, count: blocks.count };
  const shape = {
    rows: hashRows(parameters),
    positionBits: (streamLength(parameters) + 128).toString(2).length,
  };
  const digests = segmentHashes(b, segments, shape, () => given().digests, "blockBytes");
  return chainHashes(b, chain.previous.dataHash, blocks.active, digests);
}

/** Every signature is checked against one challenge, which commits to all of them and to the keys claimed for them. */
function assertSigners(b: Builder, chain: ChainWires, dataHash: Wire, transfers: readonly Transfer[]): void {
  const keys = transfers.flatMap(({ signature: { publicKey } }, i) =>
    [publicKey.x, publicKey.y].flatMap((bytes, j) => {
      const name = `challenge.key[${i}][${j}]`;
      const { hi, lo } = wordOfLimbs(b, limbsOfBytes(b, bytes, name), name);
      return [hi, lo];
    }),
  );
  const committed = [chain.chainId, chain.previous.dataHash, dataHash, ...keys];
  const seed = splitField(
    b,
    hashFields(b, SIGNATURE_CHALLENGE, committed, "challenge.hash"),
    "challenge.seed",
  ).lo;
  const challenge = challengePoint(b, seed, "challenge");
  transfers.forEach(({ signature }, i) => assertSigner(b, signature, challenge, `transfer[${i}].signer`));
}

/** The state root after all transfers and their receipts. */
function applyTransfers(
  b: Builder,
  parameters: TransfersParameters,
  chain: ChainWires,
  transfers: readonly Transfer[],
  given: Given,
): Wire {
  const root = b.witness("tree.root", () => given().treeRoot);
  let leafCount: Wire = b.witness("tree.leafCount", () => given().leafCount);
  leafCount = assertBits(b, leafCount, 32, "tree.leafCount");
  const receiptsHead = b.witness("receipts.head", () => given().receiptsHead);
  const before = stateRootOfWires(b, { root, leafCount, receiptsHead }, "tree.before");
  b.assertZero([], [[1n, before], [-1n, chain.previous.stateRoot]], 0n, "tree.isPrevious"); // prettier-ignore
  const shape = { depth: parameters.depth, capacity: replacementCapacity(parameters) };
  const tree = b.scope("tree", () => new LeafReplacements(b, root, shape, () => given().replacements));
  transfers.forEach((transfer, i) => {
    leafCount = b.scope(`transfer[${i}]`, () =>
      applyTransfer(b, tree, leafCount, transfer, () => given().transfers[i]),
    );
  });
  const after = {
    root: tree.finish(b, "tree"),
    leafCount,
    receiptsHead: chainReceipts(b, receiptsHead, transfers),
  };
  return stateRootOfWires(b, after, "tree.after");
}
