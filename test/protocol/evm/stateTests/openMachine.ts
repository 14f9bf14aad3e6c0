import { keccak256 } from "../../../../agents/kit/execution/keccak256.ts";
import { recoverPublicKey } from "../../../../agents/kit/execution/recoverPublicKey.ts";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { StateReader } from "../../../../protocol/evm/machine/stateReader.ts";
import { bytesToUint } from "../../../../protocol/evm/machine/word.ts";
import { addressText, type FixtureEnvironment, type StateTest, uint } from "./fixture.ts";

/** The machine on a test's block, under Ethereum's own chain id unless the file has another. */
export function openMachine({ env, config }: StateTest, state: StateReader, trace: boolean): BlockMachine {
  const block = {
    number: uint(env.currentNumber),
    timestamp: uint(env.currentTimestamp),
    feeRecipient: addressText(uint(env.currentCoinbase)) as `0x${string}`,
    gasLimit: uint(env.currentGasLimit),
    baseFeePerGas: uint(env.currentBaseFee ?? "0x0a"),
  };
  return new BlockMachine(uint(config?.chainid ?? "0x01"), block, state, {
    trace,
    primitives: { keccak256, recoverPublicKey },
    prevRandao: uint(env.currentRandom ?? "0x0"),
  });
}

/** What all clients answer in these tests, unless the file has others: keccak256 of the number in decimal digits. */
export function blockHashes({ blockHashes: given = {} }: FixtureEnvironment): (number: bigint) => bigint {
  const known = new Map(Object.entries(given).map(([number, hash]) => [uint(number), uint(hash)]));
  return (number) => known.get(number) ?? bytesToUint(keccak256(new TextEncoder().encode(number.toString())));
}
