import { expect } from "chai";
import { StackError, type ErrorType } from "../../../protocol/errors.ts";

/** `attempt` throws a StackError with exactly this payload. */
export function expectCode(attempt: () => unknown, type: ErrorType & Record<string, unknown>): void {
  let thrown: unknown;
  try {
    attempt();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, `throws ${type.code}`).to.be.instanceOf(StackError);
  expect((thrown as StackError).type).to.deep.equal(type);
}
