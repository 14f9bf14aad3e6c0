import { expect } from "chai";
import { Wallet } from "ethers";
import { ChainCommon } from "../../../../agents/kit/execution/chainCommon.ts";
import { decodeTransaction as decodeByLibrary } from "../../../../agents/kit/execution/decodeTransaction.ts";
import { fromHex, toHex, type Hex } from "../../../../agents/kit/hex.ts";
import { ZERO_ADDRESS } from "../../../../protocol/address.ts";
import { MAX_TRANSACTION_BYTES } from "../../../../protocol/constants.ts";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import { decodeTransaction } from "../../../../protocol/evm/machine/decodeTransaction.ts";
import { executeBlock } from "../../../../protocol/evm/machine/executeBlock.ts";
import { NOBLE } from "../../../../protocol/evm/machine/primitives.ts";
import { decodeRlp, encodeBytes, encodeRlp, type RlpItem } from "../../../../protocol/evm/machine/rlp.ts";
import { stateChangesOf } from "../../../../protocol/evm/machine/stateChanges.ts";
import { uintToBytes, wordToBytes } from "../../../../protocol/evm/machine/word.ts";
import { accountChange, storageChange } from "../../../../protocol/state/changes.ts";
import { addressOf, CHAIN_ID, signed, wallets } from "../../../agents/execution/wallets.ts";
import { expectError } from "../../expectError.ts";
import { Random } from "../../random.ts";
import { assemble } from "./assembler.ts";
import { type Allocation, MemoryState } from "./memoryState.ts";

const SENDER = BigInt(addressOf(wallets[0]!));
const CONTRACT = 0xc0den;
const TO = `0x${CONTRACT.toString(16).padStart(40, "0")}`;
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const BLOCK = {
  number: 5n,
  timestamp: 1_700_000_000n,
  feeRecipient: ZERO_ADDRESS,
  gasLimit: 1_000_000n,
  baseFeePerGas: 10n ** 9n,
} as const;

const decode = (raw: Uint8Array) => decodeTransaction(raw, CHAIN_ID, NOBLE);
const sample = (request = {}) => signed(wallets[0]!, { nonce: 0, to: TO, ...request });

/** `raw` with its items changed; the encoding stays canonical, the signature does not fit any more. */
function edited(raw: Uint8Array, edit: (items: RlpItem[]) => void): Uint8Array {
  const isTyped = raw[0]! < 0xc0;
  const items = [...(decodeRlp(isTyped ? raw.subarray(1) : raw) as RlpItem[])];
  edit(items);
  return Buffer.concat([isTyped ? raw.subarray(0, 1) : new Uint8Array(), encodeRlp(items)]);
}

const withItem = (raw: Uint8Array, index: number, item: RlpItem): Uint8Array =>
  edited(raw, (items) => void (items[index < 0 ? items.length + index : index] = item));

describe("decoding of transactions", () => {
  it("agrees with the library on random ones", async () => {
    const random = new Random();
    const common = new ChainCommon(CHAIN_ID, []);
    for (let i = 0; i < 40; i++) {
      const type = i % 3;
      const accessList = Array.from({ length: random.below(3) }, () => ({
        address: toHex(random.bytes(20)),
        storageKeys: Array.from({ length: random.below(3) }, () => toHex(random.bytes(32))),
      }));
      const raw = await signed(random.pick(wallets), {
        type,
        nonce: random.below(1000),
        to: random.below(3) === 0 ? null : toHex(random.bytes(20)),
        value: random.bits(random.below(90)),
        data: toHex(random.bytes(random.below(100))),
        ...(type === 0 ? {} : { accessList }),
      });
      const [ours, theirs] = [decode(raw), decodeByLibrary(raw, common)];
      expect(ours.type).to.equal(theirs.type);
      for (const field of ["nonce", "gasLimit", "value", "maxFeePerGas", "maxPriorityFeePerGas"] as const)
        expect(ours[field], field).to.equal(theirs[field]);
      expect(ours.sender, random.seed).to.equal(BigInt(theirs.from));
      expect(ours.to).to.equal(theirs.to && BigInt(theirs.to));
      expect(ours.hash).to.equal(BigInt(theirs.hash));
      expect(toHex(ours.data)).to.equal(toHex(theirs.data));
      expect([ours.signature.r, ours.signature.s]).to.deep.equal([theirs.r, theirs.s]);
      expect(ours.accessList).to.deep.equal(
        theirs.accessList.map(({ address, storageKeys }) => ({
          address: BigInt(address),
          slots: storageKeys.map(BigInt),
        })),
      );
    }
  });

  it("refuses what is no transaction of these chains", async () => {
    const raw = await sample();
    const legacy = await sample({ type: 0 });
    const refused = (bytes: Uint8Array, code: string, values = {}) =>
      expectError(() => decode(bytes), { code, ...values });
    refused(new Uint8Array(), "TRANSACTION_MALFORMED", { reason: "no bytes" });
    refused(new Uint8Array(MAX_TRANSACTION_BYTES + 1), "TRANSACTION_TOO_LARGE", {
      bytes: MAX_TRANSACTION_BYTES + 1,
    });
    for (const type of [0, 3, 4, 0x7f])
      refused(Uint8Array.of(type, 0xc0), "TRANSACTION_TYPE_UNSUPPORTED", { type });
    refused(Uint8Array.of(2, 0x80), "TRANSACTION_MALFORMED", { reason: "not a list" });
    refused(Uint8Array.of(2, 0xc0), "TRANSACTION_MALFORMED", { reason: "field count" });
    refused(Buffer.concat([raw, Uint8Array.of(0)]), "TRANSACTION_MALFORMED", { reason: "not canonical RLP" });
    refused(raw.subarray(0, -1), "TRANSACTION_MALFORMED", { reason: "not canonical RLP" });
    refused(withItem(raw, 1, Uint8Array.of(0)), "TRANSACTION_MALFORMED", { reason: "nonce" });
    refused(withItem(raw, 1, uintToBytes(2n ** 64n - 1n, 8)), "TRANSACTION_MALFORMED", { reason: "nonce" });
    refused(withItem(raw, 1, []), "TRANSACTION_MALFORMED", { reason: "nonce" });
    refused(withItem(raw, 4, uintToBytes(2n ** 64n, 9)), "TRANSACTION_MALFORMED", { reason: "gas limit" });
    refused(withItem(raw, 5, new Uint8Array(19)), "TRANSACTION_MALFORMED", { reason: "recipient" });
    refused(withItem(raw, 8, new Uint8Array(1)), "TRANSACTION_MALFORMED", { reason: "access list" });
    refused(withItem(raw, 8, [[new Uint8Array(20), [new Uint8Array(31)]]]), "TRANSACTION_MALFORMED", {
      reason: "access list",
    });
    refused(withItem(raw, -3, Uint8Array.of(2)), "TRANSACTION_MALFORMED", { reason: "y parity" });
    refused(withItem(raw, -2, new Uint8Array()), "SIGNATURE_INVALID");
    refused(withItem(raw, -2, wordToBytes(SECP256K1_ORDER)), "SIGNATURE_INVALID");
    refused(withItem(legacy, -3, Uint8Array.of(27)), "TRANSACTION_UNPROTECTED");
    refused(withItem(legacy, -3, Uint8Array.of(29)), "SIGNATURE_INVALID");
    refused(await sample({ chainId: 5n }), "WRONG_CHAIN_ID", { expected: CHAIN_ID, actual: 5n });
    refused(await sample({ type: 0, chainId: 5n }), "WRONG_CHAIN_ID", { expected: CHAIN_ID, actual: 5n });
    refused(
      edited(raw, (items) => ([items[2], items[3]] = [items[3]!, items[2]!])),
      "TIP_ABOVE_FEE_CAP",
    );
    refused(await sample({ to: null, data: `0x${"00".repeat(49_153)}` }), "INIT_CODE_TOO_LARGE", {
      bytes: 49_153,
    });
  });

  it("refuses the mirror image of a signature", async () => {
    const raw = await sample();
    const { s, yParity } = decode(raw).signature;
    const mirrored = withItem(
      withItem(raw, -1, wordToBytes(SECP256K1_ORDER - s)),
      -3,
      yParity === 0 ? Uint8Array.of(1) : new Uint8Array(),
    );
    expectError(() => decode(mirrored), { code: "SIGNATURE_INVALID" });
  });

  it("refuses other encodings of the same items", async () => {
    const raw = await sample({ type: 0 });
    const items = (decodeRlp(raw) as Uint8Array[]).map(encodeBytes);
    // The nonce, 0, as one byte; as a string of one byte; the length of the list in three bytes.
    for (const nonce of [Uint8Array.of(0), Uint8Array.of(0x81, 0)]) {
      const body = Buffer.concat([nonce, ...items.slice(1)]);
      const bytes = Buffer.concat([Uint8Array.of(0xf8, body.length), body]);
      expectError(() => decode(bytes), { code: "TRANSACTION_MALFORMED" });
    }
    const body = Buffer.concat(items);
    const long = Buffer.concat([Uint8Array.of(0xf9, 0, body.length), body]);
    expectError(() => decode(long), { code: "TRANSACTION_MALFORMED", reason: "not canonical RLP" });
  });
});

describe("a block filled by the machine", () => {
  const store = assemble("CALLVALUE", 1, "SSTORE", 0, 0, "LOG0");
  const state = (more: [bigint, Allocation][] = [], balance = 10n ** 18n) =>
    new MemoryState(
      new Map([[SENDER, { balance }], [CONTRACT, { nonce: 1n, code: store }], ...more] as [
        bigint,
        Allocation,
      ][]),
      () => 0n,
    );
  const open = (from = state()) => new BlockMachine(CHAIN_ID, BLOCK, from);
  const send = async (machine: BlockMachine, request = {}) =>
    machine.execute(machine.decode(await sample({ gasLimit: 100_000n, ...request })));

  async function refused(machine: BlockMachine, request: object, expected: { code: string }) {
    const transaction = machine.decode(await sample({ gasLimit: 100_000n, ...request }));
    expectError(() => machine.execute(transaction), expected);
  }

  it("refuses by name what is not executable, and stays as it was (I-MACHINE-04)", async () => {
    const machine = open();
    await refused(machine, { gasLimit: 20_999n }, {
      code: "INTRINSIC_GAS_TOO_LOW",
      needed: 21_000n,
    } as never);
    const accessList = [{ address: TO, storageKeys: [toHex(wordToBytes(1n))] }];
    await refused(machine, { type: 2, to: null, data: "0x0001", accessList, gasLimit: 53_000n }, {
      code: "INTRINSIC_GAS_TOO_LOW",
      needed: 53_000n + 4n + 16n + 2n + 2_400n + 1_900n,
    } as never);
    await refused(machine, { gasLimit: 1_000_001n }, { code: "EXCEEDS_BLOCK_GAS_LIMIT" });
    const maxFeePerGas = 10n ** 9n - 1n;
    await refused(machine, { type: 2, maxFeePerGas, maxPriorityFeePerGas: 0n }, {
      code: "FEE_CAP_BELOW_BASE_FEE",
      maxFeePerGas,
      baseFeePerGas: 10n ** 9n,
    } as never);
    await refused(machine, { nonce: 1 }, { code: "NONCE_TOO_HIGH", expected: 0n, actual: 1n } as never);
    const cost = 100_000n * 10n ** 10n + 10n ** 18n;
    await refused(machine, { value: 10n ** 18n }, {
      code: "INSUFFICIENT_FUNDS",
      balance: 10n ** 18n,
      cost,
    } as never);
    const { gasUsed } = await send(machine);
    await refused(machine, { nonce: 0 }, { code: "NONCE_TOO_LOW", expected: 1n, actual: 0n } as never);
    await refused(machine, { nonce: 1, gasLimit: 1_000_000n }, {
      code: "BLOCK_GAS_EXHAUSTED",
      available: 1_000_000n - gasUsed,
    } as never);
    expect(machine.transactions.length).to.equal(1);
    expect(machine.gasUsed).to.equal(gasUsed);
    const isContract = open(state([[SENDER, { balance: 10n ** 18n, code: store }]]));
    await refused(isContract, {}, { code: "SENDER_IS_CONTRACT" });
  });

  it("counts effects in the canonical form of the state tree", async () => {
    const machine = open();
    const { effects, effectiveGasPrice, gasUsed, tip } = await send(machine, { value: 3n });
    const changes = stateChangesOf(effects);
    const account = effects.accounts.get(SENDER)!;
    expect(account.balance).to.equal(10n ** 18n - 3n - gasUsed * effectiveGasPrice);
    expect(effects.accounts.get(0n)!.balance).to.equal(gasUsed * tip);
    expect(changes).to.deep.include(accountChange(addressOf(wallets[0]!), account));
    expect(changes).to.deep.include(storageChange(TO as Hex, 1n, 3n));
    expect(changes.length).to.equal(4);
  });

  it("takes back its last transaction, with its record, and nothing else: the same again gives the same (I-MACHINE-01)", async () => {
    const machine = open();
    await send(machine, { value: 1n });
    const [steps, frames, gasUsed] = [machine.steps.length, machine.frames.length, machine.gasUsed];
    const undone = await send(machine, { nonce: 1, value: 2n });
    machine.undoLast();
    expect([machine.steps.length, machine.frames.length, machine.gasUsed]).to.deep.equal([
      steps,
      frames,
      gasUsed,
    ]);
    expectError(() => machine.undoLast(), { code: "NOTHING_TO_UNDO" });
    const again = await send(machine, { nonce: 1, value: 2n });
    expect(again).to.deep.equal(undone);
    await refused(machine, { nonce: 1 }, { code: "NONCE_TOO_LOW" });
    expectError(() => machine.undoLast(), { code: "NOTHING_TO_UNDO" });
  });

  it("takes back a creation that its transaction made", async () => {
    const machine = open();
    const data = toHex(assemble(3, 0, "RETURN"));
    const first = await send(machine, { to: null, data });
    machine.undoLast();
    expect(await send(machine, { to: null, data })).to.deep.equal(first);
  });

  it("a call from outside leaves nothing, and its record has indices of its own", async () => {
    const machine = open();
    await send(machine, { value: 1n });
    const record = [machine.steps.length, machine.frames.length];
    const message = { sender: SENDER, to: CONTRACT, value: 9n, data: new Uint8Array(), gas: 50_000n };
    const call = () => machine.call({ ...message, gasPrice: 0n, accessList: [] });
    const result = call();
    expect(result.success).to.equal(true);
    expect(result.effects.slots.get(CONTRACT)?.get(1n)).to.equal(9n);
    expect(result.frames.map(({ index, firstStep }) => [index, firstStep])).to.deep.equal([[0, 0]]);
    expect(result.logs.length).to.equal(1);
    expect(call()).to.deep.equal(result);
    expect([machine.steps.length, machine.frames.length]).to.deep.equal(record);
    expect(machine.call({ ...message, value: 10n ** 30n, gasPrice: 0n, accessList: [] }).end).to.equal(
      "INSUFFICIENT_BALANCE",
    );
  });

  it("a fee recipient that is created and deleted in the transaction loses its tip", async () => {
    const code = assemble("ADDRESS", "SELFDESTRUCT");
    const created = open().decode(await sample({ to: null, data: toHex(code) }));
    const { createdAddress } = open().execute({ ...created, gasLimit: 100_000n });
    const feeRecipient = toHex(uintToBytes(createdAddress!, 20));
    const machine = new BlockMachine(CHAIN_ID, { ...BLOCK, feeRecipient }, state());
    const { status, tip, effects } = machine.execute({ ...created, gasLimit: 100_000n });
    expect([status, tip > 0n]).to.deep.equal([1, true]);
    expect([...effects.accounts.keys()]).to.deep.equal([SENDER]);
  });

  it("executes a whole block, or none of it", async () => {
    const wallet = new Wallet(`0x${"77".repeat(32)}`);
    const transactions = [
      await sample({ gasLimit: 100_000n }),
      await sample({ nonce: 1, gasLimit: 100_000n }),
    ];
    const input = { chainId: CHAIN_ID, block: { ...BLOCK, transactions } };
    const { gasUsed, transactions: traces, steps, frames } = executeBlock(input, state());
    expect(traces[1]!.cumulativeGasUsed).to.equal(gasUsed);
    expect([traces[1]!.firstStep, traces[1]!.endStep]).to.deep.equal([traces[0]!.endStep, steps.length]);
    expect([traces[1]!.firstFrame, traces[1]!.endFrame]).to.deep.equal([1, frames.length]);
    const blind = executeBlock(input, state(), { trace: false });
    expect([blind.gasUsed, blind.steps.length]).to.deep.equal([gasUsed, 0]);
    transactions.push(await signed(wallet, { nonce: 0, to: TO }));
    expectError(() => executeBlock(input, state()), { code: "INSUFFICIENT_FUNDS" });
  });

  it("keccak, recovery and hex of the sender are those of the wallet", async () => {
    const { sender, signature } = decode(await sample());
    expect(sender).to.equal(SENDER);
    const key = Buffer.concat([wordToBytes(signature.publicKey.x), wordToBytes(signature.publicKey.y)]);
    expect(toHex(key)).to.equal(`0x${wallets[0]!.signingKey.publicKey.slice(4)}`);
    expect(fromHex(toHex(key)).length).to.equal(64);
  });
});
