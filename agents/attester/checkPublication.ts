import { decodeBatch } from "../../protocol/batch.ts";
import { dataHashOf } from "../../protocol/block.ts";
import { MAX_BATCH_BYTES } from "../../protocol/constants.ts";
import { StackError } from "../../protocol/errors.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { statementFromFields } from "../../protocol/publicInputs.ts";
import { decompress } from "../kit/da/compression.ts";
import type { Publication } from "../kit/da/publication.ts";
import { decodeProofRecord } from "../kit/jobs/proofRecord.ts";

/** Why a member does not sign. Beside these: the codes of DA, compression, batch codec and proof record. */
export type AttestRefusal =
  | { code: "ATTEST_DATA_LENGTH_MISMATCH"; expected: number; actual: number }
  | { code: "ATTEST_DATA_HASH_MISMATCH"; expected: string; actual: string }
  | { code: "ATTEST_INNER_PROOF_MISMATCH"; input: string; expected: string; actual: string }
  | { code: "ATTEST_ROLLUP_UNKNOWN"; rollup: string }
  | { code: "ATTEST_NOT_SEQUENCED"; block: bigint; sequenced: string; claimed: string };

/**
 * Checks a claim against what was fetched: the data unpacks to `dataLength` bytes of consecutive blocks which take the hash
 * `prevDataHash` to `dataHash`, and the inner proof is about the same blocks of the same chain.
 * Returns the number of the last block. Whether that proof is valid is not checked: only a circuit can, and whoever needs it can make it again from the data.
 */
export function checkPublication(claim: Publication, compressed: Uint8Array, innerProof: Uint8Array): bigint {
  const data = decompress(compressed, MAX_BATCH_BYTES);
  if (data.length !== claim.dataLength)
    refuse({ code: "ATTEST_DATA_LENGTH_MISMATCH", expected: claim.dataLength, actual: data.length });
  const blocks = decodeBatch(data);
  const dataHash = dataHashOf(claim.prevDataHash, blocks);
  if (dataHash !== claim.dataHash)
    refuse({
      code: "ATTEST_DATA_HASH_MISMATCH",
      expected: fieldToHex(claim.dataHash),
      actual: fieldToHex(dataHash),
    });
  const statement = statementFromFields(decodeProofRecord(innerProof).publicInputs);
  expect("chainId", claim.chainId, statement.chainId);
  expect("prev.dataHash", claim.prevDataHash, statement.prev.dataHash);
  expect("next.dataHash", claim.dataHash, statement.next.dataHash);
  return blocks.at(-1)!.number;
}

function expect(input: string, expected: bigint, actual: bigint): void {
  if (expected !== actual)
    refuse({
      code: "ATTEST_INNER_PROOF_MISMATCH",
      input,
      expected: fieldToHex(expected),
      actual: fieldToHex(actual),
    });
}

function refuse(type: AttestRefusal): never {
  throw new StackError<AttestRefusal>(type, "fatal");
}
