import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type Built } from "../../circuits/builder/builder.ts";
import { hasCode, type StackError } from "../../protocol/errors.ts";
import { getReferenceString, type ReferenceString } from "../../proving/referenceString/referenceString.ts";

/** Serves circuits up to 2^14 gates; made once per cache, in seconds. */
export const SMALL_POINTS = 2 ** 14 + 1;

export const smallReferenceString = (): Promise<ReferenceString> =>
  getReferenceString("local", { points: SMALL_POINTS });

/** "I know x and y, both of 8 bits, whose product is the public input." */
export function productCircuit(x = 7n, y = 9n): Built {
  const b = new Builder();
  const [a, c] = [b.witness("x", () => x), b.witness("y", () => y)];
  b.range(a, 8, "x.range");
  b.range(c, 8, "y.range");
  const product = b.witness("product", () => x * y);
  b.assertZero([[1n, a, c]], [[-1n, product]], 0n, "product");
  b.publicInput(product, "product");
  return b.finish();
}

/** Runs `work` in a folder that is gone after it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-test-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The payload of the StackError with this code that `promise` must throw. */
export async function rejection(promise: Promise<unknown>, code: string): Promise<Record<string, unknown>> {
  const error = await promise.then(
    (value) => Promise.reject(new TypeError(`resolved to ${String(value)}, expected ${code}`)),
    (reason: unknown) => reason,
  );
  if (!hasCode(error, code)) throw error;
  return (error as StackError).type as unknown as Record<string, unknown>;
}
