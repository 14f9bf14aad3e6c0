/**
 * MUL and SHL: result = x * y modulo 2^256. For SHL, x is the value that is shifted and y the power 2^shift, or 0 where the
 * shift is 256 or more; proving that is the caller's part.
 *
 * Enforces: `truncatedProduct`. An inactive entry multiplies too.
 * Cost: 57 gates.
 */
import type { Builder } from "../../builder/builder.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { factorOf, truncatedProduct } from "./truncatedProduct.ts";

const OPCODES = ["MUL", "SHL"] as const;
export type MulOpcode = (typeof OPCODES)[number];

export function mulCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<MulOpcode>,
  name: string,
): Core<MulOpcode> {
  return b.scope(name, () => ({
    ...chooseOpcode(b, OPCODES, choose),
    result: truncatedProduct(b, factorOf(b, x, "x"), factorOf(b, y, "y"), "result"),
  }));
}
