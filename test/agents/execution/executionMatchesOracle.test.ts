import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createBlock } from "@ethereumjs/block";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { Address, bytesToHex, createAccount, setLengthLeft } from "@ethereumjs/util";
import { createVM, runTx, type VM } from "@ethereumjs/vm";
import { expect } from "chai";
import { getCreateAddress } from "ethers";
import { BlockExecution } from "../../../agents/kit/execution/blockExecution.ts";
import { ChainCommon } from "../../../agents/kit/execution/chainCommon.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { Machine } from "../../../agents/kit/execution/machine.ts";
import { programs } from "../../../agents/kit/execution/programs.ts";
import { StateOverlay } from "../../../agents/kit/execution/stateOverlay.ts";
import type { StateReader } from "../../../agents/kit/execution/stateReader.ts";
import { EMPTY_ACCOUNT } from "../../../agents/kit/execution/accountState.ts";
import { fromHex, type Hex } from "../../../agents/kit/hex.ts";
import { createRandom } from "./random.ts";
import { addressOf, CHAIN_ID, signed, wallets } from "./wallets.ts";
import { abi, bytecode, randomCall, word } from "./workload.ts";

const FEE_RECIPIENT: Hex = "0x00000000000000000000000000000000000000fe";
const PARENT_HASH: Hex = `0x${"77".repeat(32)}`;
const FUNDS = 10n ** 20n;
const environment = {
  number: 7n,
  timestamp: 1_700_000_000n,
  feeRecipient: FEE_RECIPIENT,
  gasLimit: 30_000_000n,
  baseFeePerGas: 10n ** 9n,
  blockHash: () => PARENT_HASH,
};
const NOTHING: StateReader = {
  account: () => undefined,
  storage: () => new Uint8Array(),
  code: () => new Uint8Array(),
};

/** The library as it comes: its Merkle state manager, its own crypto, its own Common for each transaction. */
class Oracle {
  readonly vm: VM;
  readonly common: Common;
  private constructor(vm: VM, common: Common) {
    this.vm = vm;
    this.common = common;
  }

  static async create(): Promise<Oracle> {
    const common = new Common({
      chain: { ...Mainnet, chainId: Number(CHAIN_ID) },
      hardfork: Hardfork.Cancun,
    });
    const stateManager = new MerkleStateManager({ common });
    for (const wallet of wallets)
      await stateManager.putAccount(
        new Address(fromHex(addressOf(wallet))),
        createAccount({ balance: FUNDS }),
      );
    const ancestors = { getBlock: async () => ({ hash: () => fromHex(PARENT_HASH) }) } as never;
    return new Oracle(await createVM({ common, stateManager, blockchain: ancestors }), common);
  }

  run(raw: Uint8Array) {
    const { number, timestamp, gasLimit, baseFeePerGas } = environment;
    const coinbase = new Address(fromHex(FEE_RECIPIENT));
    const header = { number, timestamp, gasLimit, baseFeePerGas, coinbase };
    const block = createBlock({ header }, { common: this.common, skipConsensusFormatValidation: true });
    return runTx(this.vm, { tx: createTxFromRLP(raw, { common: this.common }), block });
  }

  async assertSame(state: StateReader, addresses: Iterable<Hex>, slots: Iterable<[Hex, Hex]>): Promise<void> {
    const manager = this.vm.stateManager;
    for (const address of addresses) {
      const theirs = await manager.getAccount(new Address(fromHex(address)));
      const ours = state.account(address) ?? EMPTY_ACCOUNT;
      expect(ours.nonce, `nonce of ${address}`).to.equal(theirs?.nonce ?? 0n);
      expect(ours.balance, `balance of ${address}`).to.equal(theirs?.balance ?? 0n);
      const code = await manager.getCode(new Address(fromHex(address)));
      expect(ours.codeSize, `code size of ${address}`).to.equal(code.length);
      expect(bytesToHex(ours.codeSize > 0 ? state.code(ours.codeHash) : new Uint8Array())).to.equal(
        bytesToHex(code),
      );
    }
    for (const [address, slot] of slots) {
      const theirs = await manager.getStorage(new Address(fromHex(address)), fromHex(slot));
      const ours = state.storage(address, slot);
      expect(bytesToHex(setLengthLeft(ours, 32)), `${address} ${slot}`).to.equal(
        bytesToHex(setLengthLeft(theirs, 32)),
      );
    }
  }
}

describe("execution against the library as it comes", () => {
  for (const seed of [1, 2, 3])
    it(`random workload ${seed}: every receipt and the whole state are the same`, async () => {
      const random = createRandom(seed);
      const common = new ChainCommon(CHAIN_ID, programs.none.precompiles);
      const genesis = new StateOverlay(NOTHING);
      for (const wallet of wallets)
        genesis.putAccount(addressOf(wallet), { ...EMPTY_ACCOUNT, balance: FUNDS });
      const execution = new BlockExecution(await Machine.create(common, genesis), genesis, environment);
      const oracle = await Oracle.create();
      const nonces = wallets.map(() => 0);
      const contracts: string[] = [];
      let salts = 0;

      const send = async (
        sender: number,
        to: string | undefined,
        data: string,
        value: bigint,
        gasLimit: bigint,
      ) => {
        const type = random.below(3);
        const request = { type, nonce: nonces[sender]!++, to: to ?? null, data, value, gasLimit };
        const raw = await signed(wallets[sender]!, request);
        const theirs = await oracle.run(raw);
        const ours = await execution.execute(decodeTransaction(raw, common));
        expect(ours.gasUsed, "gas").to.equal(theirs.totalGasSpent);
        expect(ours.status).to.equal((theirs.receipt as { status: number }).status);
        expect(bytesToHex(ours.logsBloom)).to.equal(bytesToHex(theirs.bloom.bitvector));
        expect(ours.logs.length).to.equal(theirs.receipt.logs.length);
        if (!to) expect(ours.contractAddress).to.equal(theirs.createdAddress?.toString());
      };

      for (let i = 0; i < 60; i++) {
        const sender = random.below(wallets.length);
        if (i < 2) {
          contracts.push(
            getCreateAddress({ from: wallets[sender]!.address, nonce: nonces[sender]! }).toLowerCase(),
          );
          await send(sender, undefined, bytecode, 1_000n, 5_000_000n);
        } else if (random.below(6) === 0) {
          await send(
            sender,
            random.pick(wallets).address,
            "0x",
            BigInt(random.below(1000)),
            21_000n + 2_000n,
          );
        } else if (random.below(8) === 0) {
          // Money to an address that a later transaction creates a contract at.
          const [data] = [abi.encodeFunctionData("childAddress", [word(salts), wallets[sender]!.address])];
          const result = await oracle.vm.evm.runCall({
            to: new Address(fromHex(contracts[0] as Hex)),
            data: fromHex(data as Hex),
          });
          const child = bytesToHex(result.execResult.returnValue.subarray(12));
          await send(sender, child, "0x", 5n, 100_000n);
        } else {
          const { data, value } = randomCall(random, () => word(salts++));
          await send(sender, random.pick(contracts), data, value, BigInt(30_000 + random.below(900_000)));
        }
      }

      const addresses = new Set<Hex>([FEE_RECIPIENT]);
      const slots: [Hex, Hex][] = [];
      for (const changes of execution.changeSets) {
        for (const address of changes.accounts.keys()) addresses.add(address);
        for (const [address, written] of changes.storage)
          for (const slot of written.keys()) slots.push([address, slot]);
      }
      expect(slots.length).to.be.greaterThan(5);
      await oracle.assertSame(execution.state, addresses, slots);
    }).timeout(60_000);
});
