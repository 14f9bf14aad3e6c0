import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type EVM, type InterpreterStep } from "@ethereumjs/evm";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { Account, Address } from "@ethereumjs/util";
import { createVM, runTx, type RunTxOpts, type RunTxResult, type VM } from "@ethereumjs/vm";
import { ChainCommon } from "../../../../agents/kit/execution/chainCommon.ts";
import { isEmptyAccount } from "../../../../protocol/state/account.ts";
import type { BlockData } from "../../../../protocol/block.ts";
import type { StateEffects } from "../../../../protocol/evm/machine/trace.ts";
import { uintToBytes, wordToBytes } from "../../../../protocol/evm/machine/word.ts";
import type { Allocation } from "./memoryState.ts";

/** Written out: BN254's 6, 7, 8 and KZG's 10 are absent on these chains. */
const PRECOMPILES = [1, 2, 3, 4, 5, 9];

export type OracleStep = {
  readonly pc: number;
  readonly opcode: number;
  readonly gas: bigint;
  readonly depth: number;
  readonly stack: readonly bigint[];
  readonly memoryWords: number;
};

export type Block = Omit<BlockData, "transactions">;

/** The reference implementation with its own state manager and Merkle tree, under the rules of this stack's chains. */
export class Oracle {
  readonly vm: VM;
  readonly steps: OracleStep[] = [];
  readonly #evm: EVM;
  /** For transactions: the library's own signature recovery. */
  readonly #plainCommon: Common;
  readonly #state: MerkleStateManager;

  private constructor(vm: VM, evm: EVM, state: MerkleStateManager) {
    this.vm = vm;
    const chainId = Number(vm.common.chainId());
    this.#plainCommon = new Common({ chain: { ...Mainnet, chainId }, hardfork: Hardfork.Cancun });
    this.#evm = evm;
    this.#state = state;
  }

  static async create(
    chainId: bigint,
    allocation: ReadonlyMap<bigint, Allocation>,
    blockHash: (number: bigint) => bigint,
  ): Promise<Oracle> {
    const common = new ChainCommon(chainId, PRECOMPILES);
    const stateManager = await createState(common, allocation);
    const blockchain = {
      getBlock: async (number: number | bigint) => ({ hash: () => wordToBytes(blockHash(BigInt(number))) }),
      shallowCopy: () => blockchain,
    } as never;
    const evm = await createEVM({ common, stateManager, blockchain });
    for (const address of [...evm.precompiles.keys()])
      if (!common.precompiles.has(address)) evm.precompiles.delete(address);
    const vm = await createVM({ common, stateManager, evm, blockchain });
    const oracle = new Oracle(vm, evm, stateManager);
    evm.events.on("step", (step: InterpreterStep) => void oracle.steps.push(describe(step)));
    return oracle;
  }

  async run(raw: Uint8Array, block: Block, blockGasUsed: bigint): Promise<RunTxResult> {
    this.steps.length = 0;
    this.#evm.transientStorage.clear();
    const tx = createTxFromRLP(raw, { common: this.#plainCommon });
    return runTx(this.vm, { tx, block: asBlock(block), skipHardForkValidation: true, blockGasUsed });
  }

  root(): Promise<Uint8Array> {
    return this.#state.getStateRoot();
  }
}

/** A Merkle tree that is told what a transaction changed: its root is the oracle's if and only if that was all of it. */
export class Mirror {
  readonly #state: MerkleStateManager;

  private constructor(state: MerkleStateManager) {
    this.#state = state;
  }

  static async create(chainId: bigint, allocation: ReadonlyMap<bigint, Allocation>): Promise<Mirror> {
    return new Mirror(await createState(new ChainCommon(chainId, PRECOMPILES), allocation));
  }

  async apply({ accounts, slots, codes }: StateEffects): Promise<void> {
    const state = this.#state;
    for (const [number, account] of accounts) {
      const address = addressOf(number);
      const known = (await state.getAccount(address)) ?? new Account();
      known.nonce = account.nonce;
      known.balance = account.balance;
      await state.putAccount(address, known);
      const code = codes.get(account.codeHash);
      if (code) await state.putCode(address, code);
      if (isEmptyAccount(account)) await state.deleteAccount(address);
    }
    for (const [number, values] of slots)
      for (const [slot, value] of values)
        await state.putStorage(addressOf(number), wordToBytes(slot), minimal(value));
  }

  root(): Promise<Uint8Array> {
    return this.#state.getStateRoot();
  }
}

async function createState(
  common: ChainCommon,
  allocation: ReadonlyMap<bigint, Allocation>,
): Promise<MerkleStateManager> {
  const state = new MerkleStateManager({ common });
  for (const [number, { balance = 0n, nonce = 0n, code, storage }] of allocation) {
    const address = addressOf(number);
    await state.putAccount(address, new Account(nonce, balance));
    if (code) await state.putCode(address, code);
    for (const [slot, value] of storage ?? [])
      await state.putStorage(address, wordToBytes(slot), minimal(value));
  }
  await state.flush();
  return state;
}

const addressOf = (address: bigint): Address => new Address(uintToBytes(address, 20));

const minimal = (value: bigint): Uint8Array => {
  const bytes = wordToBytes(value);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0) >>> 0);
};

const describe = ({ pc, opcode, gasLeft, depth, stack, memoryWordCount }: InterpreterStep): OracleStep => ({
  pc,
  opcode: opcode.code,
  gas: gasLeft,
  depth,
  stack: [...stack],
  memoryWords: Number(memoryWordCount),
});

function asBlock(block: Block): NonNullable<RunTxOpts["block"]> {
  const header = {
    ...block,
    coinbase: addressOf(BigInt(block.feeRecipient)),
    gasUsed: 0n,
    difficulty: 0n,
    prevRandao: new Uint8Array(32),
    getBlobGasPrice: () => 1n,
  };
  return { header } as unknown as NonNullable<RunTxOpts["block"]>;
}
