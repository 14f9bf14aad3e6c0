/**
 * Which bytes of code are PUSH data, symbol by symbol.
 *
 * Proves: the marks of a row are those that follow from its bytes and from the PUSH data that was due before it; `due` is how many
 *   bytes of it are due after the row.
 * Assumes: symbols as codeRows.ts makes them; `before` is 0, or the `due` of the row before.
 * Enforces: a counter of bytes that are due. The table says what a symbol adds to it: an unmarked PUSHn n, any other unmarked one
 *   0, a marked one -1. Where the counter is not 0 the symbol adds -1; after the row it is below 64.
 * Sound because: where bytes are due only a marked symbol adds -1. Where none is, a marked one makes the counter negative, and
 *   from there each symbol has to take one more: no row ends with such a counter in its range, for it has 84 symbols.
 * Cost: 4 gates a symbol, 2 a row, 2,300 once.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { pushBytes } from "../../../../protocol/evm/opcodes.ts";
import { PUSH_DATA } from "../../../../protocol/evm/tags.ts";

const BYTES = 256;
const DUE_BITS = 6;

/** By symbol, what it adds. What is neither a byte nor marked is no symbol of code. */
export const dueTable = (b: Builder): Rom<Wire> =>
  fieldRom(
    b,
    Array.from({ length: PUSH_DATA + BYTES }, (_, symbol) =>
      b.constant(symbol < BYTES ? BigInt(pushBytes(symbol)) : symbol < PUSH_DATA ? 0n : -1n),
    ),
    "pushData.table",
  );

/** `due` after the row. */
export function analysePushData(b: Builder, table: Rom<Wire>, symbols: readonly Wire[], before: Wire): Wire {
  let due = before;
  for (const [i, symbol] of symbols.entries()) {
    const step = table.read(b, symbol, `due[${i}].step`);
    b.assertZero([[1n, due, step]], [[1n, due]], 0n, `mark[${i}].whereDue`); // prettier-ignore
    due = sum(b, [[1n, due], [1n, step]], 0n, `due[${i}]`); // prettier-ignore
  }
  return assertBits(b, due, DUE_BITS, "marks.onlyWhereDue");
}
