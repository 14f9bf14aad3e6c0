/**
 * Framing of PostgreSQL's wire protocol 3.0, client side (PostgreSQL manual, 54.7 "Message Formats").
 *   first message:  length u32 (itself included) | code u32 | ...
 *   any other:      type u8 | length u32 (itself included, type not) | ...
 */
export type Frame =
  /** TLS or GSS encryption wanted: the answer is one byte, then the client starts again. */
  | { kind: "encryption" }
  | { kind: "cancel" }
  | { kind: "startup"; bytes: Uint8Array }
  | { kind: "message"; type: string; bytes: Uint8Array };

const STARTUP_VERSION = 0x0003_0000;
const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
/** A job's input travels in one message; nothing we store is larger. */
export const MAX_FRAME_BYTES = 64 << 20;

export class FrameReader {
  #buffered: Buffer = Buffer.alloc(0);
  #started = false;

  push(data: Uint8Array): void {
    this.#buffered = Buffer.concat([this.#buffered, data]);
  }

  /** The next whole frame, or undefined until more arrives; "malformed" when this is not the protocol. */
  next(): Frame | "malformed" | undefined {
    return this.#started ? this.#message() : this.#first();
  }

  #first(): Frame | "malformed" | undefined {
    if (this.#buffered.length < 8) return undefined;
    const length = this.#buffered.readUInt32BE(0);
    const code = this.#buffered.readUInt32BE(4);
    if (length < 8 || length > 10_000) return "malformed";
    if (this.#buffered.length < length) return undefined;
    const bytes = this.#take(length);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: "encryption" };
    if (code === CANCEL_REQUEST) return { kind: "cancel" };
    if (code !== STARTUP_VERSION) return "malformed";
    this.#started = true;
    return { kind: "startup", bytes };
  }

  #message(): Frame | "malformed" | undefined {
    if (this.#buffered.length < 5) return undefined;
    const length = 1 + this.#buffered.readUInt32BE(1);
    if (length < 5 || length > MAX_FRAME_BYTES) return "malformed";
    if (this.#buffered.length < length) return undefined;
    const bytes = this.#take(length);
    return { kind: "message", type: String.fromCharCode(bytes[0]!), bytes };
  }

  #take(length: number): Uint8Array {
    const taken = new Uint8Array(this.#buffered.subarray(0, length));
    this.#buffered = this.#buffered.subarray(length);
    return taken;
  }
}

/** `R` AuthenticationCleartextPassword. */
export const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/** The password of a `p` message: a zero-terminated string. */
export const readPassword = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(5, -1)).toString();

/** `E` ErrorResponse that ends the session. `sqlState`: PostgreSQL manual, appendix A. */
export function fatalResponse(sqlState: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${sqlState}\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write("E");
  header.writeUInt32BE(4 + fields.length, 1);
  return Buffer.concat([header, fields]);
}

/**
 * Transaction status of a reply that ends with ReadyForQuery (`Z`): "I" idle, "T" in a transaction, "E" in a failed one.
 * undefined when the reply does not end so.
 */
export function readyStatus(reply: Uint8Array): string | undefined {
  const tail = reply.subarray(-6);
  const isReady = tail.length === 6 && tail[0] === 0x5a && tail[4] === 5;
  return isReady ? String.fromCharCode(tail[5]!) : undefined;
}
