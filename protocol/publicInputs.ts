/**
 * The public inputs of every program, declared once: circuits, the Solidity packing, the prover and the light node take
 * names and order from the lists here.
 */
import { assertUint } from "./bytes.ts";
import { STATEMENT_LENGTH } from "./constants.ts";
import { Domain } from "./domains.ts";
import { StackError } from "./errors.ts";
import type { Field } from "./field.ts";
import { assertField } from "./field.ts";
import { hash } from "./hash.ts";
import type { ChainTip } from "./tip.ts";

/** A tip's inputs, in order, and their widths in bits (0: a field element). */
const TIP_INPUTS = [
  ["stateRoot", 0],
  ["dataHash", 0],
  ["blockNumber", 64],
  ["timestamp", 64],
  ["baseFee", 64],
  ["gasUsed", 64],
] as const satisfies readonly (readonly [keyof ChainTip, number])[];

type TipInput = (typeof TIP_INPUTS)[number][0];

/** Programs `evm`, `batchMerge`, `batch`: the blocks of `chainId` take `prev` to `next`. */
export type Statement = {
  readonly chainId: bigint;
  readonly prev: ChainTip;
  readonly next: ChainTip;
  readonly gasLimit: bigint;
  /** The merge program's own key hash; 0 in every other program. */
  readonly selfKeyHash: Field;
};

/** Programs `epochEmpty`, `epochMerge`: settling `batchCount` batches takes one accumulator to the other. */
export type EpochNode = {
  readonly settlementIn: Field;
  readonly settlementOut: Field;
  readonly batchCount: bigint;
  readonly selfKeyHash: Field;
};

/** Program `epoch`: the same, bound to an inscription by `context` (inscription/commitment.ts). */
export type Epoch = {
  readonly context: Field;
  readonly settlementIn: Field;
  readonly settlementOut: Field;
  readonly batchCount: bigint;
};

const tipNames = <T extends string>(tip: T) =>
  TIP_INPUTS.map(([name]) => `${tip}.${name}` as `${T}.${TipInput}`);

export const STATEMENT_INPUTS = [
  "chainId",
  ...tipNames("prev"),
  ...tipNames("next"),
  "gasLimit",
  "selfKeyHash",
] as const;
export const EPOCH_NODE_INPUTS = ["settlementIn", "settlementOut", "batchCount", "selfKeyHash"] as const;
export const EPOCH_INPUTS = ["context", "settlementIn", "settlementOut", "batchCount"] as const;

export type PublicInputsError =
  | { code: "PUBLIC_INPUT_COUNT"; expected: number; actual: number }
  | { code: "PUBLIC_INPUT_PADDING"; index: number; actual: Field };

/** Throws `FIELD_OUT_OF_RANGE`, `INTEGER_OUT_OF_RANGE`. */
export function statementToFields(statement: Statement): Field[] {
  return [
    assertUint(statement.chainId, 64),
    ...tipToFields(statement.prev),
    ...tipToFields(statement.next),
    assertUint(statement.gasLimit, 64),
    assertField(statement.selfKeyHash),
  ];
}

/** Throws `PUBLIC_INPUT_COUNT`, `FIELD_OUT_OF_RANGE`, `INTEGER_OUT_OF_RANGE`. */
export function statementFromFields(fields: readonly Field[]): Statement {
  const at = reader(fields, STATEMENT_LENGTH);
  const next = 1 + TIP_INPUTS.length;
  const rest = next + TIP_INPUTS.length;
  return {
    chainId: assertUint(at(0), 64),
    prev: tipFromFields(at, 1),
    next: tipFromFields(at, next),
    gasLimit: assertUint(at(rest), 64),
    selfKeyHash: at(rest + 1),
  };
}

/** Padded with zeros to a statement's length, so that one gadget verifies a proof of either. */
export function epochNodeToFields(node: EpochNode): Field[] {
  const inputs = [
    assertField(node.settlementIn),
    assertField(node.settlementOut),
    assertUint(node.batchCount, 64),
    assertField(node.selfKeyHash),
  ];
  return [...inputs, ...Array<Field>(STATEMENT_LENGTH - inputs.length).fill(0n)];
}

/** Throws `PUBLIC_INPUT_COUNT`, `PUBLIC_INPUT_PADDING`, `FIELD_OUT_OF_RANGE`, `INTEGER_OUT_OF_RANGE`. */
export function epochNodeFromFields(fields: readonly Field[]): EpochNode {
  const at = reader(fields, STATEMENT_LENGTH);
  for (let index = EPOCH_NODE_INPUTS.length; index < STATEMENT_LENGTH; index++)
    if (at(index) !== 0n)
      throw new StackError({ code: "PUBLIC_INPUT_PADDING", index, actual: at(index) }, "fatal");
  return { settlementIn: at(0), settlementOut: at(1), batchCount: assertUint(at(2), 64), selfKeyHash: at(3) };
}

export function epochToFields(epoch: Epoch): Field[] {
  return [
    assertField(epoch.context),
    assertField(epoch.settlementIn),
    assertField(epoch.settlementOut),
    assertUint(epoch.batchCount, 64),
  ];
}

/** Throws `PUBLIC_INPUT_COUNT`, `FIELD_OUT_OF_RANGE`, `INTEGER_OUT_OF_RANGE`. */
export function epochFromFields(fields: readonly Field[]): Epoch {
  const at = reader(fields, EPOCH_INPUTS.length);
  return { context: at(0), settlementIn: at(1), settlementOut: at(2), batchCount: assertUint(at(3), 64) };
}

/** What a chain's settlement record keeps of a proven batch: all inputs but the prover's own `selfKeyHash`. */
export const statementHash = (statement: Statement): Field =>
  hash(Domain.STATEMENT, statementToFields(statement).slice(0, -1));

/** The accumulator of a settlement contract that has settled nothing. */
export const EMPTY_SETTLEMENT: Field = 0n;

/** The accumulator after one more batch. */
export const settle = (settlement: Field, batchStatementHash: Field): Field =>
  hash(Domain.SETTLEMENT, [settlement, batchStatementHash]);

const tipToFields = (tip: ChainTip): Field[] =>
  TIP_INPUTS.map(([name, bits]) => (bits === 0 ? assertField(tip[name]) : assertUint(tip[name], bits)));

function tipFromFields(at: (index: number) => Field, start: number): ChainTip {
  const entries = TIP_INPUTS.map(([name, bits], i) => {
    const value = at(start + i);
    return [name, bits === 0 ? value : assertUint(value, bits)] as const;
  });
  return Object.fromEntries(entries) as Record<TipInput, bigint>;
}

function reader(fields: readonly Field[], expected: number): (index: number) => Field {
  if (fields.length !== expected)
    throw new StackError({ code: "PUBLIC_INPUT_COUNT", expected, actual: fields.length }, "fatal");
  return (index) => assertField(fields[index] as Field);
}
