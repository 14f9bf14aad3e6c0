/** What stops a batch. Beside these: the codes of the kit's clients and of the protocol. */
export type BatcherError =
  /** The L3's node and its Rollup contract disagree about a block: one of them is of another chain. */
  | { code: "LAYER3_DIVERGED"; block: number; expected: string; actual: string }
  | { code: "LAYER3_PARAMETER_MISMATCH"; parameter: string; settled: string; node: string }
  | { code: "LAYER3_BLOCK_MISSING"; block: number }
  /** Not what docs/spec/node.md says: another version of the node, or something else at its address. */
  | { code: "LAYER3_ANSWER_MALFORMED"; method: string; reason: string }
  /** No circuit proves chains of that program. */
  | { code: "LAYER3_NOT_PROVEN"; program: string; proven: string }
  | { code: "PROOF_JOB_FAILED"; job: string; reason: string }
  /** The queue has lost what was asked of it: it is asked again. */
  | { code: "PROOF_JOB_UNKNOWN"; job: string }
  | { code: "PROOF_OF_ANOTHER_STATEMENT"; input: string; expected: bigint; actual: bigint }
  | { code: "ATTESTATIONS_MISSING"; needed: number; have: number; refusals: Record<string, string> };
