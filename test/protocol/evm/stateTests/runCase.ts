import { hasCode, StackError } from "../../../../protocol/errors.ts";
import type { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { Transaction, TransactionTrace } from "../../../../protocol/evm/machine/trace.ts";
import type { AccountState } from "../../../../protocol/state/account.ts";
import { logsHash } from "../machine/logsHash.ts";
import { MemoryState } from "../machine/memoryState.ts";
import { differences } from "./differences.ts";
import { isExpected } from "./exceptions.ts";
import { bytes, type Expectation, type StateTest } from "./fixture.ts";
import { needsRecord, REASONS, reasonAfter, reasonBefore } from "./leftOut.ts";
import { blockHashes, openMachine } from "./openMachine.ts";
import { signedTransaction } from "./signedTransaction.ts";
import { touchedAccounts } from "./touched.ts";
import { afterEffects, ethereumRoot, isEmpty, type WorldState, worldStateOf } from "./worldState.ts";

export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly differences: readonly string[] }
  | { readonly kind: "left out"; readonly reason: string };

/** Runs one combination of a test on the machine and compares the state's root and the hash of the logs. */
export async function runCase(test: StateTest, expected: Expectation): Promise<Outcome> {
  const pre = worldStateOf(test.pre);
  const before = reasonBefore(test, pre);
  if (before !== undefined) return { kind: "left out", reason: before };
  const state = new AskedState(pre, blockHashes(test.env));
  const machine = openMachine(test, state, needsRecord(test, pre));
  const result = execute(machine, test, expected);
  if ("reason" in result) return { kind: "left out", reason: result.reason };
  const after = reasonAfter(state.asked, test.env, machine);
  if (after !== undefined) return { kind: "left out", reason: after };
  const found = await compare(result, expected, endOf(machine, pre, result));
  return found.length === 0 ? { kind: "passed" } : { kind: "failed", differences: found };
}

type Result =
  { readonly trace: TransactionTrace } | { readonly refusal: string } | { readonly reason: string };

function execute(machine: BlockMachine, test: StateTest, expected: Expectation): Result {
  try {
    const transaction = decode(machine, test, expected);
    return transaction ? { trace: machine.execute(transaction) } : { reason: REASONS.noKey };
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const { code } = error.type;
    return code === "TRANSACTION_TOO_LARGE" ? { reason: REASONS.tooLarge } : { refusal: code };
  }
}

/** The bytes in the file, if they are a transaction of this codec; else signed again, with the chain id. */
function decode(
  machine: BlockMachine,
  { transaction }: StateTest,
  expected: Expectation,
): Transaction | undefined {
  try {
    if (expected.txbytes !== undefined) return machine.decode(bytes(expected.txbytes));
  } catch (error) {
    if (!hasCode(error, "TRANSACTION_UNPROTECTED")) throw error;
  }
  if (transaction.secretKey === undefined) return undefined;
  return machine.decode(signedTransaction(transaction, expected.indexes, machine.environment.chainId));
}

function endOf(
  machine: BlockMachine,
  pre: WorldState,
  result: Exclude<Result, { reason: string }>,
): WorldState {
  if ("refusal" in result) return pre;
  const end = afterEffects(pre, result.trace.effects);
  if ([...pre.values()].some(isEmpty))
    for (const address of touchedAccounts(machine)) if (isStillEmpty(end, address)) end.delete(address);
  return end;
}

function isStillEmpty(state: WorldState, address: bigint): boolean {
  const account = state.get(address);
  return account !== undefined && isEmpty(account);
}

async function compare(
  result: Exclude<Result, { reason: string }>,
  expected: Expectation,
  end: WorldState,
): Promise<string[]> {
  const found: string[] = [];
  const { expectException } = expected;
  if ("refusal" in result) {
    if (expectException === undefined) found.push(`refused: ${result.refusal}`);
    else if (!isExpected(result.refusal, expectException))
      found.push(`refused: ${result.refusal}, expected ${expectException}`);
  } else if (expectException !== undefined) found.push(`executed, expected ${expectException}`);
  const logs = logsHash("trace" in result ? result.trace.logs : []);
  if (logs !== expected.logs) found.push(`logs: ${logs}, expected ${expected.logs}`);
  const root = await ethereumRoot(end);
  if (root !== expected.hash) found.push(`root: ${root}, expected ${expected.hash}`);
  const state = expected.state ?? expected.postState;
  return state && root !== expected.hash ? [...found, ...differences(end, worldStateOf(state))] : found;
}

/** Notes whose accounts were asked for. */
class AskedState extends MemoryState {
  readonly asked = new Set<bigint>();

  override account(address: bigint): AccountState | undefined {
    this.asked.add(address);
    return super.account(address);
  }
}
