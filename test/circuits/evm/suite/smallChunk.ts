/** A chunk with a call in a call, a log, a store, a digest, plain transfers, and chips that have nothing to do. */
import type { Profile } from "../../../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { CALLEE, CALLEE_CODE, CALLER_PROBE, CONTRACT } from "../execution/contracts.ts";
import { chunkOf, nobody } from "../execution/demoChain.ts";
import { fitting } from "../execution/prove.ts";

export async function smallChunk(): Promise<{ readonly profile: Profile; readonly input: ChunkInput }> {
  const data = `0x${"0102".repeat(20)}`;
  const accessList = [{ address: CONTRACT, storageKeys: [`0x${"00".repeat(32)}`] }];
  const call = { from: 0, to: CONTRACT, value: 3n, gasLimit: 300_000n, data, accessList };
  const contracts = { [CONTRACT]: CALLER_PROBE, [CALLEE]: CALLEE_CODE };
  const input = await chunkOf(
    [{ transactions: [call] }, { transactions: [{ from: 1, to: nobody(0), value: 7n, type: 0 }] }],
    { contracts, slots: [{ address: CONTRACT, slot: 0n, value: 9n }] },
  );
  const idle = { sums: 2, compares: 2, bitwise: 2, masks: 1, products: 2, divisions: 1, signed: 1, bytes: 1, wide: 1, powers: 1, exponentiations: 1, signedCompares: 1, exceptions: 1, jumps: 1, copies: 1, codeWords: 1, segments: 2 }; // prettier-ignore
  return { input, profile: fitting(input, idle) };
}
