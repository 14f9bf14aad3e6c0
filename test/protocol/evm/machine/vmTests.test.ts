import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { CallResult } from "../../../../protocol/evm/machine/executeCall.ts";
import type { Step } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODES, pushBytes } from "../../../../protocol/evm/opcodes.ts";
import { logsHash } from "./logsHash.ts";
import { type Allocation, MemoryState } from "./memoryState.ts";

/** Ethereum's VMTests: one frame each, under the rules of Constantinople and before. */
const ARCHIVE = "ethereum/legacytests-vmtests.tar.xz";
const FOLDER = "legacytests/Constantinople/VMTests";

type Account = { balance: string; code: string; nonce: string; storage: Record<string, string> };
type Vector = {
  env: Record<"currentCoinbase" | "currentGasLimit" | "currentNumber" | "currentTimestamp", string>;
  exec: Record<"address" | "caller" | "code" | "data" | "gas" | "gasPrice" | "origin" | "value", string>;
  pre: Record<string, Account>;
  /** These four only when the frame succeeds. */
  post?: Record<string, Account>;
  gas?: string;
  out?: string;
  logs?: string;
};

const PREV_RANDAO = "0x44 answers PREVRANDAO (EIP-4399), 0 on these chains, not the difficulty";
const SAME_TRANSACTION = "an account is deleted only in the transaction that created it (EIP-6780)";
const EXCLUDED: Readonly<Record<string, string>> = {
  "vmBlockInfoTest/difficulty": PREV_RANDAO,
  "vmPushDupSwapTest/push32AndSuicide": SAME_TRANSACTION,
  "vmSystemOperations/suicide0": SAME_TRANSACTION,
  "vmSystemOperations/suicideNotExistingAccount": SAME_TRANSACTION,
  "vmSystemOperations/suicideSendEtherToMe": SAME_TRANSACTION,
  "vmTests/suicide": SAME_TRANSACTION,
};

/**
 * What opcodes cost then whose price is another one now (EIP-160, 1884, 2200, 2929). The others that changed do not occur
 * outside the excluded vectors.
 */
const FORMER_GAS: Readonly<Record<string, (step: Step) => bigint>> = {
  SLOAD: () => 50n,
  SSTORE: ({ storage, operands }) => (storage?.current === 0n && operands[1] !== 0n ? 20_000n : 5_000n),
  EXP: ({ operands }) => 10n + 10n * bytesIn(operands[1] ?? 0n),
  BALANCE: () => 20n,
};

const bytesIn = (value: bigint): bigint =>
  value === 0n ? 0n : BigInt(Math.ceil(value.toString(16).length / 2));

/** Where prices have risen too much, a frame gets this many times the vector's gas, so that it reaches its end. */
const MORE_GAS = 100n;

/** Loops of up to 10 million rounds, too many to record: gas is compared where no price has changed. */
const isLoop = (name: string): boolean => name.startsWith("vmPerformance/loop");

const vectors = unpack();

describe("Ethereum's VMTests", () => {
  const ran: string[] = [];
  const exactGas: string[] = [];
  const halts = new Map<string, number>();

  for (const [name, vector] of vectors) {
    if (EXCLUDED[name] !== undefined) continue;
    it(name, () => {
      if (vector.post === undefined) {
        const { end, success } = run(vector, BigInt(vector.exec.gas), false);
        expect(success, end).to.equal(false);
        halts.set(end, (halts.get(end) ?? 0) + 1);
      } else if (compare(name, vector)) exactGas.push(name);
      ran.push(name);
    });
  }

  it("all of them ran but the excluded ones, most with gas compared", () => {
    expect(vectors.size, "vectors").to.equal(609);
    expect(ran.length, "ran").to.equal(609 - Object.keys(EXCLUDED).length);
    for (const name of Object.keys(EXCLUDED)) expect(vectors.has(name), name).to.equal(true);
    expect(exactGas.length, "gas compared").to.equal(487);
    expect(Object.fromEntries(halts)).to.deep.equal({
      INVALID_JUMP: 60,
      OUT_OF_GAS: 30,
      STACK_OVERFLOW: 1,
      STACK_UNDERFLOW: 14,
    });
  });
});

/** Output, logs and storage always; gas (true) unless the run cannot be recorded and ran an opcode of another price. */
function compare(name: string, vector: Vector): boolean {
  const trace = !isLoop(name);
  let given = BigInt(vector.exec.gas);
  let result = run(vector, given, trace);
  // Prices rose; had it ended so for another reason, it would again.
  if (result.end === "OUT_OF_GAS") result = run(vector, (given *= MORE_GAS), trace);
  expect(result.success, result.end).to.equal(true);
  expect(`0x${bytesToHex(result.output)}`).to.equal(vector.out);
  expect(logsHash(result.logs)).to.equal(vector.logs);
  compareState(vector, result);
  const used = trace ? formerGas(result) : result.gasUsed;
  const isComparable = trace || !usesRepriced(bytesOf(vector.exec.code));
  if (isComparable) expect(used, "gas").to.equal(BigInt(vector.exec.gas) - BigInt(vector.gas as string));
  return isComparable;
}

/** The gas it used at the prices of then. */
function formerGas({ gasUsed, steps }: CallResult): bigint {
  let sum = gasUsed;
  for (const step of steps) {
    const former = FORMER_GAS[OPCODES[step.opcode]?.name ?? ""];
    if (former) sum += former(step) - (step.gas - step.gasAfter);
  }
  return sum;
}

function usesRepriced(code: Uint8Array): boolean {
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = OPCODES[code[pc] ?? 0];
    if (FORMER_GAS[opcode?.name ?? ""]) return true;
    pc += pushBytes(opcode?.code ?? 0);
  }
  return false;
}

function run({ env, exec, pre }: Vector, gas: bigint, trace: boolean): CallResult {
  const [caller, address, value] = [BigInt(exec.caller), BigInt(exec.address), BigInt(exec.value)];
  const allocation = new Map<bigint, Allocation>(
    Object.entries(pre).map(([key, account]) => [BigInt(key), allocationOf(account)]),
  );
  // The vectors hand the value over before they start.
  if (caller !== address) {
    const self = allocation.get(address) as Allocation;
    allocation.set(caller, { ...allocation.get(caller), balance: value });
    allocation.set(address, { ...self, balance: (self.balance ?? 0n) - value });
  }
  const block = {
    number: BigInt(env.currentNumber),
    timestamp: BigInt(env.currentTimestamp),
    feeRecipient: env.currentCoinbase as `0x${string}`,
    gasLimit: BigInt(env.currentGasLimit),
    baseFeePerGas: 7n,
  };
  const machine = new BlockMachine(1n, block, new MemoryState(allocation, () => 0n), { trace });
  return machine.call({
    sender: caller,
    to: address,
    value,
    data: bytesOf(exec.data),
    gas,
    gasPrice: BigInt(exec.gasPrice),
    accessList: [],
  });
}

const allocationOf = ({ balance, code, nonce, storage }: Account): Allocation => ({
  balance: BigInt(balance),
  nonce: BigInt(nonce),
  code: bytesOf(code),
  storage: storageOf({ storage }),
});

const storageOf = ({ storage }: Pick<Account, "storage">): Map<bigint, bigint> =>
  new Map(Object.entries(storage).map(([slot, value]) => [BigInt(slot), BigInt(value)]));

/** Balances and storage of the accounts that the vector has at its end. */
function compareState({ pre, post }: Vector, { effects: { accounts, slots } }: CallResult): void {
  for (const [key, account] of Object.entries(post ?? {})) {
    const address = BigInt(key);
    const balance = accounts.get(address)?.balance ?? BigInt(pre[key]?.balance ?? 0);
    // A value is handed over without a trace in the vectors' balances; see `run`.
    expect(balance, "balance").to.equal(BigInt(account.balance));
    const found = pre[key] ? storageOf(pre[key]) : new Map<bigint, bigint>();
    for (const [slot, value] of slots.get(address) ?? [])
      if (value === 0n) found.delete(slot);
      else found.set(slot, value);
    const sorted = (storage: Map<bigint, bigint>) => [...storage].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(found)).to.deep.equal(sorted(storageOf(account)));
  }
}

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), "hex"));

function unpack(): Map<string, Vector> {
  const archive = resolve(process.env["BVM_VECTORS"] ?? "../shared/vectors", ARCHIVE);
  const folder = mkdtempSync(join(tmpdir(), "bvm-vmtests-"));
  try {
    execFileSync("tar", ["-xJf", archive, "-C", folder, FOLDER]);
    const root = join(folder, FOLDER);
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".json"),
    );
    return new Map(
      files.sort().flatMap((file) => {
        const content = JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, Vector>;
        return Object.values(content).map((vector): [string, Vector] => [file.slice(0, -5), vector]);
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
