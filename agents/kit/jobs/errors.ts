/** What the job queue and its records can refuse. */
export type JobsError =
  /** The database is not there, or not answering. */
  | { code: "JOBS_UNAVAILABLE"; reason: string }
  | { code: "JOB_UNKNOWN"; id: string }
  | { code: "JOB_MALFORMED"; id: string; reason: string }
  | { code: "PROOF_RECORD_MALFORMED"; reason: string };
