import { keccak_256 } from "@noble/hashes/sha3.js";
import { StackError } from "../../../protocol/errors.ts";
import type { DaError } from "./errors.ts";

/**
 * The name of a blob: `00 || keccak256(data)`, 33 bytes (OP alt-DA specification, "keccak256 commitment").
 * It says all there is to check: whoever serves the data cannot serve other data under it.
 */
export type Commitment = Uint8Array;

const KECCAK_KIND = 0x00;
const COMMITMENT_BYTES = 33;

export const keccakCommitment = (data: Uint8Array): Commitment => commitmentOfHash(keccak_256(data));

/** The commitment of data whose keccak256 is known, for example `innerProofHash` of a settled batch. */
export function commitmentOfHash(hash: Uint8Array): Commitment {
  return assertCommitment(Uint8Array.of(KECCAK_KIND, ...hash));
}

/** keccak256 of the data. Throws DA_COMMITMENT_INVALID. */
export const hashOfCommitment = (commitment: Commitment): Uint8Array =>
  assertCommitment(commitment).subarray(1);

export const formatCommitment = (commitment: Commitment): string =>
  `0x${Buffer.from(commitment).toString("hex")}`;

/** `0x` + 66 hex digits -> commitment. Throws DA_COMMITMENT_INVALID. */
export function parseCommitment(text: string): Commitment {
  if (!/^0x00[0-9a-fA-F]{64}$/.test(text)) throw invalid(text);
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

/** Throws DA_CONTENT_MISMATCH when `data` is not what `commitment` names. */
export function assertContent(commitment: Commitment, data: Uint8Array): void {
  const actual = keccakCommitment(data);
  if (Buffer.compare(actual, assertCommitment(commitment)) === 0) return;
  throw new StackError<DaError>(
    {
      code: "DA_CONTENT_MISMATCH",
      commitment: formatCommitment(commitment),
      actual: formatCommitment(actual),
    },
    "retry",
  );
}

function assertCommitment(commitment: Commitment): Commitment {
  if (commitment.length === COMMITMENT_BYTES && commitment[0] === KECCAK_KIND) return commitment;
  throw invalid(formatCommitment(commitment));
}

const invalid = (commitment: string) =>
  new StackError<DaError>({ code: "DA_COMMITMENT_INVALID", commitment }, "fatal");
