/** Why a job gives no proof. Beside these: the codes of `proving/`, the circuits and the protocol. */
export type ProverError =
  /** The witness does not satisfy the circuit: the job asks for a proof of something that is not so. */
  | { code: "STATEMENT_NOT_TRUE"; program: string; constraint: string; kind: string }
  /** `bb` made a proof that the verifier does not accept: an inner proof was none, or of other keys. */
  | { code: "PROOF_REJECTED"; program: string }
  | { code: "PROOF_INPUTS_DIFFER"; program: string; index: number; expected: bigint; actual: bigint }
  /** Only proofs of these programs can be verified inside a circuit. */
  | { code: "PROGRAM_NOT_INNER"; program: string; inner: string }
  | { code: "BLOCKS_AND_WITNESSES_DIFFER"; blocks: number; witnesses: number }
  | { code: "EPOCH_NOT_CHAINED"; expected: bigint; actual: bigint }
  | { code: "WITNESS_THREAD_DIED"; exitCode: number };
