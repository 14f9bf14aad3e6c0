import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { Account, Address } from "@ethereumjs/util";
import { createVM, runTx, type RunTxOpts, type RunTxResult } from "@ethereumjs/vm";
import { keccak256 } from "../../../../agents/kit/execution/keccak256.ts";
import { uintToBytes, wordToBytes } from "../../../../protocol/evm/machine/word.ts";
import { logsHash } from "../machine/logsHash.ts";
import { bytesToUint } from "../../../../protocol/evm/machine/word.ts";
import { type Expectation, type FixtureEnvironment, hex, type StateTest, uint } from "./fixture.ts";
import { signedTransaction } from "./signedTransaction.ts";
import { asStateTest, type StateCase } from "./stateCase.ts";
import { worldStateOf } from "./worldState.ts";

const INDEXES = { data: 0, gas: 0, value: 0 };

/** The case as a state test; its expectation is what @ethereumjs/vm does on Ethereum's own rules, every precompile included. */
export async function fill(example: StateCase): Promise<StateTest> {
  const test = asStateTest(example);
  const raw = signedTransaction(test.transaction, INDEXES, 1n);
  const { root, result } = await run(test, raw, example);
  const logs = (result?.execResult.logs ?? []).map(([address, topics, data]) => ({
    address: bytesToUint(address),
    topics: topics.map(bytesToUint),
    data,
  }));
  const expected: Expectation = { indexes: INDEXES, hash: root, logs: logsHash(logs), txbytes: hex(raw) };
  const { expectException } = example;
  return { ...test, post: { Cancun: [expectException ? { ...expected, expectException } : expected] } };
}

type Run = { readonly root: string; readonly result: RunTxResult | undefined };

async function run(test: StateTest, raw: Uint8Array, { name, expectException }: StateCase): Promise<Run> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun, customCrypto: { keccak256 } });
  const stateManager = await createState(common, test);
  const blockchain = {
    getBlock: async (number: bigint) => ({
      hash: () => keccak256(new TextEncoder().encode(BigInt(number).toString())),
    }),
    shallowCopy: () => blockchain,
  } as never;
  const evm = await createEVM({ common, stateManager, blockchain });
  const vm = await createVM({ common, stateManager, evm, blockchain });
  let result: RunTxResult | undefined;
  try {
    const tx = createTxFromRLP(raw, { common });
    result = await runTx(vm, { tx, block: asBlock(test.env), skipHardForkValidation: true });
  } catch (error) {
    if (expectException === undefined) throw new Error(`the reference refuses ${name}`, { cause: error });
  }
  if (result !== undefined && expectException !== undefined)
    throw new Error(`the reference executes ${name}`);
  return { root: hex(await stateManager.getStateRoot()), result };
}

async function createState(common: Common, { pre }: StateTest): Promise<MerkleStateManager> {
  const state = new MerkleStateManager({ common });
  for (const [number, { balance, nonce, code, storage }] of worldStateOf(pre)) {
    const address = addressOf(number);
    await state.putAccount(address, new Account(nonce, balance));
    if (code.length > 0) await state.putCode(address, code);
    for (const [slot, value] of storage) await state.putStorage(address, wordToBytes(slot), minimal(value));
  }
  await state.flush();
  return state;
}

const addressOf = (address: bigint): Address => new Address(uintToBytes(address, 20));

const minimal = (value: bigint): Uint8Array => {
  const bytes = wordToBytes(value);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
};

function asBlock(env: FixtureEnvironment): NonNullable<RunTxOpts["block"]> {
  const header = {
    number: uint(env.currentNumber),
    timestamp: uint(env.currentTimestamp),
    coinbase: addressOf(uint(env.currentCoinbase)),
    gasLimit: uint(env.currentGasLimit),
    baseFeePerGas: uint(env.currentBaseFee ?? "0x0"),
    prevRandao: wordToBytes(uint(env.currentRandom ?? "0x0")),
    gasUsed: 0n,
    difficulty: 0n,
    getBlobGasPrice: () => 1n,
  };
  return { header } as unknown as NonNullable<RunTxOpts["block"]>;
}
