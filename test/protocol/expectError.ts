import { expect } from "chai";
import { StackError } from "../../protocol/errors.ts";

/** Runs `action` and checks that it throws a `StackError` with this code and these values. */
export function expectError(
  action: () => unknown,
  expected: { code: string } & Record<string, unknown>,
): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, `expected ${expected.code}, nothing was thrown`).to.be.instanceOf(StackError);
  expect((thrown as StackError).type).to.include(expected);
}
