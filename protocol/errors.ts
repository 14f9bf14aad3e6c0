/**
 * The one base of every error the stack throws: a code, a payload, and what a loop should do about it.
 *
 * - `retry`: temporary (an RPC, a lock, a busy server); the same step may succeed later.
 * - `reset`: the view is stale (a reorg, a replaced transaction); read the record again, then plan anew.
 * - `fatal`: a person must act; repeating cannot help.
 */
export type Severity = "retry" | "reset" | "fatal";

/** What every error payload has: a code, and beside it the values that tell what was expected and what came. */
export type ErrorType = { readonly code: string };

export class StackError<T extends ErrorType = ErrorType> extends Error {
  readonly type: T;
  readonly severity: Severity;

  constructor(type: T, severity: Severity, options?: ErrorOptions) {
    super(`${type.code} ${describe(type)}`.trimEnd(), options);
    this.name = new.target.name;
    this.type = type;
    this.severity = severity;
  }
}

/** Is `error` a stack error with this code? Searches the chain of causes. */
export function hasCode(error: unknown, code: string): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause)
    if (e instanceof StackError && e.type.code === code) return true;
  return false;
}

function describe(type: ErrorType): string {
  return Object.entries(type)
    .filter(([name]) => name !== "code")
    .map(
      ([name, value]) =>
        `${name}=${typeof value === "object" ? JSON.stringify(value, bigintAsText) : String(value)}`,
    )
    .join(" ");
}

const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;
