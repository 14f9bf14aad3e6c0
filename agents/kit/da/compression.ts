import { deflateSync, inflateSync } from "node:zlib";
import { StackError } from "../../../protocol/errors.ts";
import type { DaError } from "./errors.ts";

/**
 * How batch data travels: one zlib stream (RFC 1950), nothing before or after it.
 * zlib rather than raw deflate: its checksum tells a truncated or damaged blob from a wrong one. The hash that is proven is
 * over the uncompressed bytes, so level and implementation are free.
 */
export const compress = (data: Uint8Array): Uint8Array => deflateSync(data, { level: 9 });

/**
 * Undoes `compress`. Stops as soon as the output passes `maxBytes`: memory stays bounded whatever the input.
 * Throws DA_DECOMPRESSION_BOMB, DA_NOT_COMPRESSED_DATA; both are final, another reader gets the same.
 */
export function decompress(data: Uint8Array, maxBytes: number): Uint8Array {
  const { buffer, consumed } = inflate(data, maxBytes);
  if (consumed === data.length) return buffer;
  throw malformed(data, `${data.length - consumed} bytes after the end of the stream`);
}

function inflate(data: Uint8Array, maxBytes: number): { buffer: Uint8Array; consumed: number } {
  try {
    // `info` is typed as if it changed nothing: with it the result is the output and the engine that read the input.
    const result = inflateSync(data, { maxOutputLength: maxBytes, info: true }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return { buffer: result.buffer, consumed: result.engine.bytesWritten };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new StackError<DaError>(
        { code: "DA_DECOMPRESSION_BOMB", bytes: data.length, maxBytes },
        "fatal",
        { cause: error },
      );
    throw malformed(data, message, error);
  }
}

const malformed = (data: Uint8Array, reason: string, cause?: unknown) =>
  new StackError<DaError>({ code: "DA_NOT_COMPRESSED_DATA", bytes: data.length, reason }, "fatal", { cause });
