import { MemoryState } from "../machine/memoryState.ts";
import { blockHashes, openMachine } from "./openMachine.ts";
import { signedTransaction } from "./signedTransaction.ts";
import { asStateTest, type StateCase } from "./stateCase.ts";
import { worldStateOf } from "./worldState.ts";

/** Gas that the frame which the case's transaction opens first, below its own, takes. Assumes there is one. */
export function gasOfFrame(example: StateCase): bigint {
  const test = asStateTest(example);
  const machine = openMachine(test, new MemoryState(worldStateOf(test.pre), blockHashes(test.env)), true);
  const { chainId } = machine.environment;
  machine.execute(
    machine.decode(signedTransaction(test.transaction, { data: 0, gas: 0, value: 0 }, chainId)),
  );
  const frame = machine.frames[1];
  if (frame === undefined) throw new RangeError(`no frame in ${example.name}`);
  return frame.gasGiven - frame.outcome.gasLeft;
}
