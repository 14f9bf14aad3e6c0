/**
 * The commitment by which circuits read a contract's code. Beside each byte it carries what a jump analysis finds out, so that
 * a circuit that looks a byte up learns in the same read whether a JUMPDEST there is one (yellow paper, 9.4.3).
 *
 *   unit i     = byte i + 256 * (1 if byte i is data of a PUSH, else 0): 9 bits
 *   element j  = units 28j .. 28j+27, big endian (252 bits, below the modulus), the last one padded with zero units
 *   commitment = hash(CODE, [code length in bytes, elements...])
 */
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { hash } from "../hash.ts";

/** Bits of a unit, and units of a field element. */
export const CODE_UNIT_BITS = 9;
export const CODE_UNITS_PER_ELEMENT = 28;

const PUSH_DATA = 256;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** An account without code has commitment 0 (and no call of this function): docs/ARCHITECTURE.md, "State". */
export function codeCommitment(code: Uint8Array): Field {
  const units = codeUnits(code);
  const elements: Field[] = [BigInt(code.length)];
  for (let start = 0; start < units.length; start += CODE_UNITS_PER_ELEMENT) {
    let element = 0n;
    for (let i = start; i < start + CODE_UNITS_PER_ELEMENT; i++)
      element = (element << BigInt(CODE_UNIT_BITS)) | BigInt(units[i] ?? 0);
    elements.push(element);
  }
  return hash(Domain.CODE, elements);
}

/** Each byte with the flag that it is data of a PUSH; data that the code's end cuts off is flagged like any other. */
export function codeUnits(code: Uint8Array): Uint16Array {
  const units = new Uint16Array(code.length);
  let dataEnd = 0;
  code.forEach((byte, i) => {
    const isData = i < dataEnd;
    units[i] = byte + (isData ? PUSH_DATA : 0);
    if (!isData && byte >= PUSH1 && byte <= PUSH32) dataEnd = i + 1 + (byte - PUSH1 + 1);
  });
  return units;
}
