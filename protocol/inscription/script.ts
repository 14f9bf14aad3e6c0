/** Bitcoin script as a list of pushes and opcodes, byte for byte. */
import { concatBytes } from "../bytes.ts";
import { StackError } from "../errors.ts";

export const Opcode = { OP_0: 0x00, OP_IF: 0x63, OP_ENDIF: 0x68, OP_CHECKSIG: 0xac } as const;

/** A push has data, OP_1NEGATE and OP_1 to OP_16 too (the number's byte); every other opcode has none. OP_0's is empty. */
export type ScriptItem = { readonly opcode: number; readonly data?: Uint8Array };

export type ScriptError = { code: "SCRIPT_TRUNCATED"; offset: number; needed: number; available: number };

const [PUSHDATA1, PUSHDATA2, PUSHDATA4] = [0x4c, 0x4d, 0x4e];
const [OP_1NEGATE, OP_1, OP_16] = [0x4f, 0x51, 0x60];

/** Throws `SCRIPT_TRUNCATED`. */
export function parseScript(script: Uint8Array): ScriptItem[] {
  const items: ScriptItem[] = [];
  for (let offset = 0; offset < script.length;) {
    const opcode = script[offset] as number;
    const prefix = opcode === PUSHDATA1 ? 1 : opcode === PUSHDATA2 ? 2 : opcode === PUSHDATA4 ? 4 : 0;
    if (opcode > PUSHDATA4) {
      items.push(numberPushed(opcode));
      offset += 1;
      continue;
    }
    assertAvailable(script, offset + 1, prefix);
    const length = prefix === 0 ? opcode : littleEndian(script.subarray(offset + 1, offset + 1 + prefix));
    const start = offset + 1 + prefix;
    assertAvailable(script, start, length);
    items.push({ opcode, data: script.slice(start, start + length) });
    offset = start + length;
  }
  return items;
}

/**
 * A push of exactly these bytes by the shortest length prefix, never by an OP_N: an inscription's one-byte tags must stay
 * data pushes. Assumes at most 65,535 bytes.
 */
export function push(data: Uint8Array): Uint8Array {
  const { length } = data;
  const prefix =
    length < PUSHDATA1
      ? [length]
      : length < 256
        ? [PUSHDATA1, length]
        : [PUSHDATA2, length & 255, length >> 8];
  return concatBytes([Uint8Array.from(prefix), data]);
}

function numberPushed(opcode: number): ScriptItem {
  if (opcode === OP_1NEGATE) return { opcode, data: Uint8Array.of(0x81) };
  if (opcode >= OP_1 && opcode <= OP_16) return { opcode, data: Uint8Array.of(opcode - OP_1 + 1) };
  return { opcode };
}

const littleEndian = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);

function assertAvailable(script: Uint8Array, offset: number, needed: number): void {
  const available = script.length - offset;
  if (needed > available)
    throw new StackError(
      { code: "SCRIPT_TRUNCATED", offset, needed, available } satisfies ScriptError,
      "fatal",
    );
}
