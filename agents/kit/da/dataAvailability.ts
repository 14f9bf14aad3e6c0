import type { Commitment } from "./commitment.ts";

/** Where data is published and found again by its commitment: the local store or a server that speaks OP alt-DA HTTP. */
export interface DataAvailability {
  /** Resolves when the data is durable. Putting the same data again is harmless. */
  put(data: Uint8Array, signal?: AbortSignal): Promise<Commitment>;
  /** The data named by `commitment`, checked against it. Throws DA_NOT_FOUND, DA_CONTENT_MISMATCH. */
  get(commitment: Commitment, signal?: AbortSignal): Promise<Uint8Array>;
}
