/** Statements and inner proofs for tests of the recursion programs. */
import { STATEMENT_LENGTH } from "../../../protocol/constants.ts";
import {
  type EpochNode,
  type Statement,
  epochNodeToFields,
  statementToFields,
} from "../../../protocol/publicInputs.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import type { EpochKeys } from "../../../circuits/programs/keys.ts";

/** Hashes as if of real keys: any distinct field elements. */
export const KEYS: EpochKeys = {
  chunks: { payments: 0xa1n, deposits: 0xa2n },
  batchMerge: 0xb1n,
  epochMerge: 0xc1n,
  epochEmpty: 0xc2n,
};

const tip = (n: bigint) => ({
  stateRoot: 1000n + n,
  dataHash: 2000n + n,
  blockNumber: n,
  timestamp: 3000n + n,
  baseFee: 7n + n,
  gasUsed: 21_000n * n,
});

/** The statement of a chain's blocks from `first` (exclusive) to `last`. */
export const sampleStatement = (first: bigint, last: bigint, selfKeyHash = 0n, chainId = 42n): Statement => ({
  chainId,
  prev: tip(first),
  next: tip(last),
  gasLimit: 30_000_000n,
  selfKeyHash,
});

/** A proof whose key and proof fields are not looked at by `check`. */
const proofOf = (keyHash: bigint, publicInputs: bigint[]): InnerProof => ({
  key: new Array<bigint>(115).fill(1n),
  keyHash,
  proof: new Array<bigint>(410).fill(1n),
  publicInputs,
});

export const statementProof = (keyHash: bigint, statement: Statement): InnerProof =>
  proofOf(keyHash, statementToFields(statement));
export const nodeProof = (keyHash: bigint, node: EpochNode): InnerProof =>
  proofOf(keyHash, epochNodeToFields(node));
export const chunkProof = (first: bigint, last: bigint, chainId?: bigint): InnerProof =>
  statementProof(KEYS.chunks["payments"]!, sampleStatement(first, last, 0n, chainId));

/** The values of a circuit's public inputs. */
export const publicInputsOf = (built: {
  circuit: { publicInputs: readonly { wire: number }[] };
  witness: readonly bigint[];
}) => built.circuit.publicInputs.map(({ wire }) => built.witness[wire]!);

export const zeroPadding = (values: readonly bigint[]): bigint[] => [
  ...values,
  ...new Array<bigint>(STATEMENT_LENGTH - values.length).fill(0n),
];
