import { z } from "zod";
import { MAX_ANCESTORS } from "../../protocol/ancestors.ts";
import { StackError } from "../../protocol/errors.ts";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import type { BatcherError } from "./errors.ts";

const quantity = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]{0,12})$/).transform(Number); // prettier-ignore
const field = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform(BigInt)
  .refine((value) => value < FIELD_MODULUS, "no field element");

/** `bvm_getProvingNeeds`. */
export const provingNeedsSchema = z.strictObject({
  use: z.record(z.string().max(32), z.int().nonnegative()),
  oldestAncestor: quantity.nullable(),
});

/** `bvm_getAncestors`. */
export const ancestorsSchema = z.strictObject({
  oldest: field,
  digests: z.array(field).max(MAX_ANCESTORS),
});

/** Throws LAYER3_ANSWER_MALFORMED. */
export function parseAnswer<T>(method: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const reason = z.prettifyError(parsed.error);
  throw new StackError<BatcherError>({ code: "LAYER3_ANSWER_MALFORMED", method, reason }, "fatal");
}
