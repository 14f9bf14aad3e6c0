/**
 * The epoch commitment: what Supersonic says about one epoch on Bitcoin. An inscription's body is the commitment and the
 * proof; the proof's public input `context` is the commitment's hash, so neither can be put beside another (I-INSC-01).
 *
 * Body: a map in deterministic CBOR (canonicalMap.ts) with the fields below; the commitment is the same without `proof`.
 */
import { INSCRIPTION_VERSION, MAX_INSCRIPTION_BYTES } from "../constants.ts";
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { bytesToField, fieldToBytes } from "../field.ts";
import { hashBytes } from "../hash.ts";
import type { Epoch } from "../publicInputs.ts";
import type { Fields } from "./canonicalMap.ts";
import { decodeMap, encodeMap } from "./canonicalMap.ts";
import type { DaPointer } from "./pointer.ts";
import { decodePointer, encodePointer } from "./pointer.ts";

export type EpochCommitment = {
  /** Supersonic's. */
  readonly chainId: bigint;
  /** 1 for the first epoch after genesis, then one more each. */
  readonly epoch: bigint;
  /** Supersonic's blocks of this epoch, both included. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** Supersonic's state and data before `firstBlock` and after `lastBlock`. */
  readonly previousStateRoot: Field;
  readonly stateRoot: Field;
  readonly previousDataHash: Field;
  readonly dataHash: Field;
  /** Batches that hold the blocks, in order. */
  readonly pointers: readonly DaPointer[];
  /** The settlement accumulator before and after, and the batches settled between. */
  readonly settlementIn: Field;
  readonly settlementOut: Field;
  readonly batchCount: bigint;
  /** Hash of the verification key of the program `epoch`. */
  readonly epochKeyHash: Field;
};

export type EpochBody = { readonly commitment: EpochCommitment; readonly proof: Uint8Array };

export type CommitmentError =
  | { code: "INSCRIPTION_TOO_LARGE"; bytes: number; maxBytes: number }
  | { code: "INSCRIPTION_VERSION"; expected: bigint; actual: bigint }
  | { code: "INSCRIPTION_BLOCK_RANGE"; firstBlock: bigint; lastBlock: bigint };

const fail = (type: CommitmentError): never => {
  throw new StackError(type, "fatal");
};

const COMMITMENT_FIELDS = {
  version: "u64",
  chainId: "u64",
  epoch: "u64",
  firstBlock: "u64",
  lastBlock: "u64",
  previousStateRoot: "bytes",
  stateRoot: "bytes",
  previousDataHash: "bytes",
  dataHash: "bytes",
  pointers: "bytesList",
  settlementIn: "bytes",
  settlementOut: "bytes",
  batchCount: "u64",
  epochKeyHash: "bytes",
} as const;

const BODY_FIELDS = { ...COMMITMENT_FIELDS, proof: "bytes" } as const;

/** Throws `INSCRIPTION_BLOCK_RANGE` and what the codecs of the fields throw. */
export const encodeCommitment = (commitment: EpochCommitment): Uint8Array =>
  encodeMap(COMMITMENT_FIELDS, toFields(commitment));

/** Throws `INSCRIPTION_TOO_LARGE` and as `encodeCommitment`. */
export const encodeBody = ({ commitment, proof }: EpochBody): Uint8Array =>
  assertSize(encodeMap(BODY_FIELDS, { ...toFields(commitment), proof }));

/** Strict. Throws `INSCRIPTION_*`, `CBOR_*`, `POINTER_*`, `FIELD_*`. */
export function decodeBody(bytes: Uint8Array): EpochBody {
  const fields = decodeMap(BODY_FIELDS, assertSize(bytes));
  return { commitment: fromFields(fields), proof: fields.proof };
}

/** Strict. Throws as `decodeBody`. */
export const decodeCommitment = (bytes: Uint8Array): EpochCommitment =>
  fromFields(decodeMap(COMMITMENT_FIELDS, assertSize(bytes)));

/** The public input that binds a proof to its inscription. */
export const contextOf = (commitment: EpochCommitment): Field => hashBytes(encodeCommitment(commitment));

/** The public inputs that the proof beside this commitment must have. */
export const epochInputsOf = (commitment: EpochCommitment): Epoch => ({
  context: contextOf(commitment),
  settlementIn: commitment.settlementIn,
  settlementOut: commitment.settlementOut,
  batchCount: commitment.batchCount,
});

function toFields(commitment: EpochCommitment): Fields<typeof COMMITMENT_FIELDS> {
  const { chainId, epoch, firstBlock, lastBlock, batchCount } = commitment;
  assertRange(firstBlock, lastBlock);
  return {
    version: BigInt(INSCRIPTION_VERSION),
    ...{ chainId, epoch, firstBlock, lastBlock, batchCount },
    previousStateRoot: fieldToBytes(commitment.previousStateRoot),
    stateRoot: fieldToBytes(commitment.stateRoot),
    previousDataHash: fieldToBytes(commitment.previousDataHash),
    dataHash: fieldToBytes(commitment.dataHash),
    pointers: commitment.pointers.map(encodePointer),
    settlementIn: fieldToBytes(commitment.settlementIn),
    settlementOut: fieldToBytes(commitment.settlementOut),
    epochKeyHash: fieldToBytes(commitment.epochKeyHash),
  };
}

function fromFields(fields: Fields<typeof COMMITMENT_FIELDS>): EpochCommitment {
  const { version, chainId, epoch, firstBlock, lastBlock, batchCount } = fields;
  if (version !== BigInt(INSCRIPTION_VERSION))
    fail({ code: "INSCRIPTION_VERSION", expected: BigInt(INSCRIPTION_VERSION), actual: version });
  assertRange(firstBlock, lastBlock);
  return {
    ...{ chainId, epoch, firstBlock, lastBlock, batchCount },
    previousStateRoot: bytesToField(fields.previousStateRoot),
    stateRoot: bytesToField(fields.stateRoot),
    previousDataHash: bytesToField(fields.previousDataHash),
    dataHash: bytesToField(fields.dataHash),
    pointers: fields.pointers.map(decodePointer),
    settlementIn: bytesToField(fields.settlementIn),
    settlementOut: bytesToField(fields.settlementOut),
    epochKeyHash: bytesToField(fields.epochKeyHash),
  };
}

function assertRange(firstBlock: bigint, lastBlock: bigint): void {
  if (firstBlock > lastBlock) fail({ code: "INSCRIPTION_BLOCK_RANGE", firstBlock, lastBlock });
}

function assertSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_INSCRIPTION_BYTES)
    fail({ code: "INSCRIPTION_TOO_LARGE", bytes: bytes.length, maxBytes: MAX_INSCRIPTION_BYTES });
  return bytes;
}
