import { decodeBatch } from "../../protocol/batch.ts";
import type { BlockData } from "../../protocol/block.ts";
import { MAX_BATCH_BYTES } from "../../protocol/constants.ts";
import { StackError } from "../../protocol/errors.ts";
import { formatCommitment, type Commitment } from "../kit/da/commitment.ts";
import { decompress } from "../kit/da/compression.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import { Refusal } from "./refusals.ts";

/** The commitment names bytes that are no batch: the one who published it is at fault, not the server. */
export class MalformedBatch extends StackError<{
  code: "BATCH_MALFORMED";
  pointer: string;
  reason: string;
}> {}

/**
 * The blocks that a commitment names. The server is trusted with nothing: the bytes are checked against the commitment.
 * Throws: Refusal DATA_MISSING, DATA_WRONG (ask again later), MalformedBatch (for ever, for everyone).
 */
export async function fetchBatch(da: DataAvailability, commitment: Commitment): Promise<BlockData[]> {
  const data = await fetchContent(da, commitment);
  try {
    return decodeBatch(decompress(data, MAX_BATCH_BYTES));
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const type = {
      code: "BATCH_MALFORMED",
      pointer: formatCommitment(commitment),
      reason: error.type.code,
    } as const;
    throw new MalformedBatch(type, "fatal", { cause: error });
  }
}

async function fetchContent(da: DataAvailability, commitment: Commitment): Promise<Uint8Array> {
  try {
    return await da.get(commitment);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const { code } = error.type;
    const pointer = formatCommitment(commitment);
    // A reply that is too large to be read is not the blob either: blobs are bounded.
    const wrong = code === "DA_CONTENT_MISMATCH" || code === "DA_TOO_LARGE";
    throw wrong
      ? Refusal.withheld({ code: "DATA_WRONG", pointer }, { cause: error })
      : Refusal.withheld({ code: "DATA_MISSING", pointer, reason: code }, { cause: error });
  }
}
