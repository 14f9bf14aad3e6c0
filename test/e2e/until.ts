import { StackError } from "../../protocol/errors.ts";

/**
 * Waits until `condition` gives a value and returns it. A part that cannot be reached meanwhile is one that is not there yet.
 * Throws when `what` has not happened within `minutes`: generous, for the machines of continuous integration differ.
 */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  minutes = 15,
): Promise<T> {
  const deadline = Date.now() + minutes * 60_000;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      if (!isPassing(error)) throw error;
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${minutes} minutes: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isPassing = (error: unknown): boolean => error instanceof StackError && error.severity === "retry";
