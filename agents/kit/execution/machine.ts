import { createEVM, type EVM } from "@ethereumjs/evm";
import type { TypedTransaction } from "@ethereumjs/tx";
import { Address } from "@ethereumjs/util";
import { createVM, runTx, type RunTxOpts, type RunTxResult, type VM } from "@ethereumjs/vm";
import { fromHex, type Hex } from "../hex.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import type { ChainCommon } from "./chainCommon.ts";
import { EvmState } from "./evmState.ts";
import type { StateOverlay } from "./stateOverlay.ts";
import type { SignedTransaction } from "./transaction.ts";

const NO_RANDOMNESS = new Uint8Array(32);

/** Price of blob gas where none was ever used (EIP-4844, MIN_BASE_FEE_PER_BLOB_GAS): what BLOBBASEFEE answers. */
const BLOB_BASE_FEE = 1n;

/**
 * One interpreter with the rules of a chain. It runs one transaction at a time; `MachinePool` sees to that.
 * PREVRANDAO is 0 on these chains: a sequencer's randomness would be the sequencer's choice.
 */
export class Machine {
  readonly #vm: VM;
  readonly #evm: EVM;
  readonly #state: EvmState;
  #environment: BlockEnvironment | undefined;

  private constructor(vm: VM, evm: EVM, state: EvmState) {
    this.#vm = vm;
    this.#evm = evm;
    this.#state = state;
  }

  static async create(common: ChainCommon, idle: StateOverlay): Promise<Machine> {
    const stateManager = new EvmState(idle);
    const ancestors = {
      getBlock: async (number: number) => ({
        hash: () => fromHex(machine.#environment?.blockHash(BigInt(number)) ?? "0x"),
      }),
    };
    const blockchain = { ...ancestors, putBlock: ancestors.getBlock, shallowCopy: () => blockchain } as never;
    const evm: EVM = await createEVM({ common, stateManager, blockchain });
    // What is not in the library's list is an ordinary account: not warm from the start, and calls to it run no code.
    for (const address of [...evm.precompiles.keys()])
      if (!common.precompiles.has(address)) evm.precompiles.delete(address);
    const machine = new Machine(await createVM({ common, stateManager, evm, blockchain }), evm, stateManager);
    return machine;
  }

  /**
   * Runs a transaction over `overlay`; a thrown error leaves the overlay as it was.
   * Throws when the transaction is not valid there: see `assertExecutable` for named refusals.
   */
  run(tx: TypedTransaction, overlay: StateOverlay, environment: BlockEnvironment): Promise<RunTxResult> {
    this.#state.use(overlay);
    this.#environment = environment;
    const block = asBlock(environment);
    // EIP-1153: it lasts for one transaction.
    this.#evm.transientStorage.clear();
    return runTx(this.#vm, { tx, block, skipHardForkValidation: true, blockGasUsed: 0n });
  }

  /** Runs a message over `overlay`, which is for this message alone. */
  async call(message: Message, overlay: StateOverlay, environment: BlockEnvironment): Promise<MessageResult> {
    this.#state.use(overlay);
    this.#environment = environment;
    const { journal } = this.#evm;
    this.#evm.transientStorage.clear();
    await journal.cleanup();
    journal.startReportingAccessList();
    this.#warm(message, environment);
    const { execResult } = await this.#evm.runCall({
      block: asBlock(environment),
      caller: new Address(fromHex(message.from)),
      ...(message.to === undefined ? {} : { to: new Address(fromHex(message.to)) }),
      value: message.value,
      data: message.data,
      gasLimit: message.gas,
      gasPrice: message.gasPrice,
    });
    const touched = journal.accessList ?? new Map<string, Set<string>>();
    journal.cleanJournal();
    delete journal.accessList;
    return {
      returnData: execResult.returnValue,
      failure: execResult.exceptionError?.error,
      gasUsed: execResult.executionGasUsed,
      gasRefund: execResult.gasRefund ?? 0n,
      touched,
    };
  }

  /** EIP-2929, EIP-2930, EIP-3651. */
  #warm({ from, to, accessList }: Message, { feeRecipient }: BlockEnvironment): void {
    const { journal } = this.#evm;
    for (const address of [...this.#evm.precompiles.keys(), from, to, feeRecipient])
      if (address !== undefined) journal.addAlwaysWarmAddress(address);
    for (const { address, storageKeys } of accessList) {
      journal.addAlwaysWarmAddress(address, true);
      for (const slot of storageKeys) journal.addAlwaysWarmSlot(address, slot, true);
    }
  }
}

/** A message to run: not signed, its sender free to be a contract, its nonce of no account. */
export interface Message {
  readonly from: Hex;
  /** Undefined: `data` is the code that creates a contract. */
  readonly to: Hex | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** Without the intrinsic gas. */
  readonly gas: bigint;
  /** Wei per gas: what GASPRICE answers. */
  readonly gasPrice: bigint;
  readonly accessList: SignedTransaction["accessList"];
}

export interface MessageResult {
  readonly returnData: Uint8Array;
  /** Undefined: it succeeded. "revert", or the name of an exceptional halt. */
  readonly failure: string | undefined;
  /** Without the intrinsic gas; the refund is not taken off. */
  readonly gasUsed: bigint;
  readonly gasRefund: bigint;
  /** By address, without 0x: what was touched and is not warm from the start. */
  readonly touched: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The fields of a block the library reads; its own block class checks and hashes what these chains do not have. */
function asBlock(environment: BlockEnvironment): NonNullable<RunTxOpts["block"]> {
  const header = {
    number: environment.number,
    timestamp: environment.timestamp,
    coinbase: new Address(fromHex(environment.feeRecipient)),
    gasLimit: environment.gasLimit,
    gasUsed: 0n,
    baseFeePerGas: environment.baseFeePerGas,
    difficulty: 0n,
    prevRandao: NO_RANDOMNESS,
    getBlobGasPrice: () => BLOB_BASE_FEE,
  };
  return { header } as NonNullable<RunTxOpts["block"]>;
}
