/**
 * What PUSH1 to PUSH32 push: one entry a place in the code, however often it is executed.
 *
 * Proves: the word of an entry's key (op = 0x5f + n, pc) is the big-endian integer of the n bytes after pc.
 * Assumes: nothing; the code at pc need not be that PUSH, which the row reads itself.
 * Enforces: lo is the slice of the last min(n, 16) bytes, hi that of the n - 16 before.
 * Sound because: hi + lo have n bytes; the lengths of both are bounded by 16 and fixed by n and `isLong`, which has one
 *   value by the ranges of n - 17 and 16 - n.
 * Cost: 56 gates.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";
import type { PushEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { PUSH0 } from "../../../../protocol/evm/opcodes.ts";
import type { Facts } from "../facts/facts.ts";

const HALF_BYTES = 16n;

export function pushChip(
  b: Builder,
  facts: Facts,
  count: number,
  bytes: SuffixStream,
  entry: (i: number) => PushEntry | undefined,
): void {
  for (let i = 0; i < count; i++) b.scope(`push[${i}]`, () => push(b, facts, i, bytes, () => entry(i)));
}

function push(
  b: Builder,
  facts: Facts,
  i: number,
  code: SuffixStream,
  entry: () => PushEntry | undefined,
): void {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const pc = witnessBits(b, 20, "pc", () => BigInt(entry()?.pc ?? 0));
  const size = (): bigint => BigInt(entry()?.bytes ?? 1);
  const isLong = witnessBool(b, "isLong", () => size() > HALF_BYTES);
  const short = witnessBits(b, 4, "shortMinusOne", () => (size() - 1n) % HALF_BYTES);
  // n = short + 1 if not long, else short + 17: hi has n - 16 bytes, lo 16.
  const hiLength = combine(b, [[1n, isLong, short]], [[1n, isLong]], 0n, "hi.length"); // prettier-ignore
  const loLength = combine(b, [[-1n, isLong, short]], [[1n, short], [15n, isLong]], 1n, "lo.length"); // prettier-ignore
  const hiSize = assertBits(b, hiLength, 5, "hi.size");
  const loSize = assertBits(b, loLength, 5, "lo.size");
  const from = sum(b, [[1n, pc]], 1n, "from"); // prettier-ignore
  const hi = code.slice(b, from, hiSize, "hi");
  const lo = code.slice(b, sum(b, [[1n, from], [1n, hiSize]], 0n, "middle"), loSize, "lo"); // prettier-ignore
  facts.defineWord("pushes", i, { hi: assertBits(b, hi, 128, "hi"), lo: assertBits(b, lo, 128, "lo") });
  const op = sum(b, [[1n, short], [HALF_BYTES, isLong]], BigInt(PUSH0) + 1n, "op"); // prettier-ignore
  const z = facts.wordId("pushes", i);
  facts.defineKey("pushes", i, active, { op, pc, z }, "key");
}
