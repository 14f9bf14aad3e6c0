/** Every kind of lie. */
import type { LieKind } from "../lieKind.ts";
import { ANSWER_LIES } from "./answers.ts";
import { CODE_LIES } from "./code.ts";
import { FRAME_LIES } from "./frames.ts";
import { MEMORY_LIES } from "./memory.ts";
import { STATE_LIES } from "./state.ts";
import { TRANSACTION_LIES } from "./transactions.ts";
import { WORD_LIES } from "./words.ts";

export const LIES: readonly LieKind[] = [
  ...WORD_LIES,
  ...ANSWER_LIES,
  ...CODE_LIES,
  ...MEMORY_LIES,
  ...STATE_LIES,
  ...FRAME_LIES,
  ...TRANSACTION_LIES,
];
