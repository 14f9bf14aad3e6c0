import { StackError, type Severity } from "../protocol/errors.ts";

/** Everything that can go wrong in `proving/`, with the values that tell why. */
export type ProvingErrorType =
  | { code: "BB_PLATFORM_UNSUPPORTED"; platform: string; supported: string }
  | { code: "BB_MISSING"; path: string }
  | { code: "BB_WRONG_BINARY"; path: string; expectedSha256: string; actualSha256: string }
  /** `exitCode` is null when a signal ended bb. `output` holds its last lines. */
  | { code: "BB_FAILED"; command: string; exitCode: number | null; signal: string | null; output: string }
  | { code: "BB_ABORTED"; command: string }
  | { code: "BB_OUTPUT_MALFORMED"; command: string; reason: string }
  | { code: "LOCK_ABORTED"; path: string }
  | { code: "REFERENCE_STRING_DAMAGED"; path: string; reason: string }
  | { code: "REFERENCE_STRING_TOO_SHORT"; path: string; points: number; needed: number }
  | { code: "REFERENCE_STRING_SOURCE_UNKNOWN"; source: string; known: string }
  | { code: "PTAU_REFUSED"; path: string; reason: string }
  | { code: "REFERENCE_STRING_DOWNLOAD_FAILED"; reason: string }
  | { code: "VERIFIER_SOURCE_UNEXPECTED"; looked: string; found: number }
  | { code: "VERIFIER_COMPILE_FAILED"; name: string; errors: string }
  | { code: "VERIFIER_TOO_LARGE"; name: string; bytes: number; maxBytes: number }
  /** A reference string whose maker could forge proofs, on a network that others rely on. */
  | { code: "LOCAL_REFERENCE_STRING_REFUSED"; network: string; allowed: string };

export class ProvingError<T extends ProvingErrorType = ProvingErrorType> extends StackError<T> {
  constructor(type: T, severity: Severity = "fatal", options?: ErrorOptions) {
    super(type, severity, options);
  }
}
