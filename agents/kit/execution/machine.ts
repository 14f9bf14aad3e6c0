import { createEVM, type EVM } from "@ethereumjs/evm";
import type { TypedTransaction } from "@ethereumjs/tx";
import { Address } from "@ethereumjs/util";
import { createVM, runTx, type RunTxOpts, type RunTxResult, type VM } from "@ethereumjs/vm";
import { fromHex } from "../hex.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import type { ChainCommon } from "./chainCommon.ts";
import { EvmState } from "./evmState.ts";
import type { StateOverlay } from "./stateOverlay.ts";

/** Point evaluation (EIP-4844): there are no blobs, and so this address is an ordinary one. */
const KZG_PRECOMPILE = "000000000000000000000000000000000000000a";

const NO_RANDOMNESS = new Uint8Array(32);

/** Price of blob gas where none was ever used (EIP-4844, MIN_BASE_FEE_PER_BLOB_GAS): what BLOBBASEFEE answers. */
const BLOB_BASE_FEE = 1n;

export type RunOptions = Pick<RunTxOpts, "skipBalance" | "skipNonce" | "reportAccessList" | "blockGasUsed">;

/**
 * One interpreter with the rules of a chain. It runs one transaction at a time; `MachinePool` sees to that.
 * PREVRANDAO is 0 on these chains: a sequencer's randomness would be the sequencer's choice.
 */
export class Machine {
  readonly #vm: VM;
  readonly #state: EvmState;
  #environment: BlockEnvironment | undefined;

  private constructor(vm: VM, state: EvmState) {
    this.#vm = vm;
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
    evm.precompiles.delete(KZG_PRECOMPILE);
    const machine = new Machine(await createVM({ common, stateManager, evm, blockchain }), stateManager);
    return machine;
  }

  /**
   * Runs a transaction over `overlay`; a thrown error leaves the overlay as it was.
   * Throws when the transaction is not valid there: see `assertExecutable` for named refusals.
   */
  run(
    tx: TypedTransaction,
    overlay: StateOverlay,
    environment: BlockEnvironment,
    options: RunOptions = {},
  ): Promise<RunTxResult> {
    this.#state.use(overlay);
    this.#environment = environment;
    const block = asBlock(environment);
    return runTx(this.#vm, { tx, block, skipHardForkValidation: true, blockGasUsed: 0n, ...options });
  }
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
