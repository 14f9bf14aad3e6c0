import { decodeBatch } from "../../protocol/batch.ts";
import type { BlockData } from "../../protocol/block.ts";
import { MAX_BATCH_BYTES } from "../../protocol/constants.ts";
import { StackError } from "../../protocol/errors.ts";
import {
  altDaCommitment,
  DaLayer,
  encodePointer,
  isContentOf,
  type DaPointer,
} from "../../protocol/inscription/pointer.ts";
import { decompress } from "../kit/da/compression.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import { toHex } from "../kit/hex.ts";
import { Refusal } from "./refusals.ts";

/** The pointer names bytes that are no batch: the one who published it is at fault, not the server. */
export class MalformedBatch extends StackError<{
  code: "BATCH_MALFORMED";
  pointer: string;
  reason: string;
}> {}

/**
 * The blocks a pointer names. The server is trusted with nothing: the bytes are checked against the pointer.
 * Throws: Refusal DATA_MISSING, DATA_WRONG (ask again later), MalformedBatch (for ever).
 */
export async function fetchBatch(da: DataAvailability, pointer: DaPointer): Promise<BlockData[]> {
  const name = toHex(encodePointer(pointer));
  const data = await fetchContent(da, pointer, name);
  if (!isContentOf(pointer, data)) throw malformed(name, "length differs from the pointer's");
  try {
    return decodeBatch(decompress(data, MAX_BATCH_BYTES));
  } catch (error) {
    if (error instanceof StackError) throw malformed(name, error.type.code, error);
    throw error;
  }
}

async function fetchContent(da: DataAvailability, pointer: DaPointer, name: string): Promise<Uint8Array> {
  if (pointer.layer !== DaLayer.LOCAL)
    throw Refusal.withheld({ code: "DATA_MISSING", pointer: name, reason: `layer ${pointer.layer}` });
  try {
    return await da.get(altDaCommitment(pointer));
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const { code } = error.type;
    // A reply that is too large to be read is not the blob either: ours are bounded.
    const wrong = code === "DA_CONTENT_MISMATCH" || code === "DA_TOO_LARGE";
    throw wrong
      ? Refusal.withheld({ code: "DATA_WRONG", pointer: name }, { cause: error })
      : Refusal.withheld({ code: "DATA_MISSING", pointer: name, reason: code }, { cause: error });
  }
}

const malformed = (pointer: string, reason: string, cause?: unknown) =>
  new MalformedBatch({ code: "BATCH_MALFORMED", pointer, reason }, "fatal", { cause });
