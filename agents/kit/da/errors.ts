/** What the DA layer and its client can answer beside data. */
export type DaError =
  /** Not `00 || 32 bytes`: another server's commitment kind, or garbage. */
  | { code: "DA_COMMITMENT_INVALID"; commitment: string }
  /** Nobody stored it here (yet). */
  | { code: "DA_NOT_FOUND"; commitment: string }
  /** The bytes do not hash to the commitment: a lying server or a damaged disk. */
  | { code: "DA_CONTENT_MISMATCH"; commitment: string; actual: string }
  /** `maxBytes` is ours for a reply, unknown when the server refuses a put. */
  | { code: "DA_TOO_LARGE"; maxBytes: number | undefined }
  | { code: "DA_EMPTY" }
  /** The server could not be reached, or answered something that is not the protocol. */
  | { code: "DA_UNAVAILABLE"; url: string; status: number | undefined; reason: string }
  /** Not a zlib stream, cut short, or followed by other bytes. */
  | { code: "DA_NOT_COMPRESSED_DATA"; bytes: number; reason: string }
  /** It unpacks to more than the reader is ready to hold: refused while unpacking. */
  | { code: "DA_DECOMPRESSION_BOMB"; bytes: number; maxBytes: number };
