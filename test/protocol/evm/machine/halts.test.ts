import { expect } from "chai";
import { getCreateAddress } from "ethers";
import type { FrameEnd, TransactionTrace } from "../../../../protocol/evm/machine/trace.ts";
import { addressOf, CHAIN_ID, signed, wallets } from "../../../agents/execution/wallets.ts";
import { assemble, type Item, storeCode } from "./assembler.ts";
import { Lockstep } from "./lockstep.ts";
import type { Allocation } from "./memoryState.ts";

const HUGE = 2n ** 255n;
const SELF = 0xc0den;
const OTHER = 0x07e4n;
const FRESH = 0xf4e54n;
const BLOCK = {
  number: 700n,
  timestamp: 1_700_000_000n,
  feeRecipient: "0x00000000000000000000000000000000000000fe",
  gasLimit: 10n ** 16n,
  baseFeePerGas: 10n ** 9n,
} as const;

type Case = {
  readonly name: string;
  readonly code: readonly Item[];
  /** Of OTHER. */
  readonly callee?: readonly Item[];
  readonly gas?: bigint;
  readonly nonce?: bigint;
  /** How the frames end, in the order in which they were opened. */
  readonly ends: readonly FrameEnd[];
};

/** Calls OTHER with `gas` and stores the outcome. */
const callOther = (kind = "CALL", gas: Item = "GAS"): Item[] => {
  const value = kind === "CALL" || kind === "CALLCODE" ? [0] : [];
  return [0, 0, 0, 0, ...value, OTHER, gas, kind, 0, "SSTORE"];
};
const createWith = (code: Uint8Array, value: Item = 0): Item[] => [
  ...storeCode(code),
  code.length,
  0,
  value,
  "CREATE",
  0,
  "SSTORE",
];
const returnBytes = (length: number, first = 0): Uint8Array =>
  assemble(first, 0, "MSTORE8", length, 0, "RETURN");
const repeat = (count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

const cases: readonly Case[] = [
  { name: "runs off its code", code: [1, 2, "ADD"], ends: ["STOP"] },
  { name: "an operand cut off by the end of the code", code: [1, Uint8Array.of(0x7f, 0xaa)], ends: ["STOP"] },
  { name: "out of gas", code: ["JUMPDEST", 0, "JUMP"], gas: 30_000n, ends: ["OUT_OF_GAS"] },
  { name: "stack underflow", code: ["POP"], ends: ["STACK_UNDERFLOW"] },
  { name: "stack underflow of DUP", code: [...repeat(15, "PC"), "DUP16"], ends: ["STACK_UNDERFLOW"] },
  { name: "stack underflow of SWAP", code: [...repeat(16, "PC"), "SWAP16"], ends: ["STACK_UNDERFLOW"] },
  { name: "a full stack", code: repeat(1024, "PC"), ends: ["STOP"] },
  { name: "stack overflow", code: repeat(1025, "PC"), ends: ["STACK_OVERFLOW"] },
  { name: "stack overflow of DUP", code: [...repeat(1024, "PC"), "DUP1"], ends: ["STACK_OVERFLOW"] },
  { name: "SWAP on a full stack", code: [...repeat(1024, "PC"), "SWAP16"], ends: ["STOP"] },
  { name: "a jump into an operand", code: [4, "JUMP", Uint8Array.of(0x60, 0x5b)], ends: ["INVALID_JUMP"] },
  { name: "a jump to what is no JUMPDEST", code: [0, "JUMP"], ends: ["INVALID_JUMP"] },
  { name: "a jump beyond any code", code: [HUGE, "JUMP"], ends: ["INVALID_JUMP"] },
  { name: "a jump not taken goes anywhere", code: [0, HUGE, "JUMPI"], ends: ["STOP"] },
  { name: "an undefined opcode", code: [Uint8Array.of(0x0c)], ends: ["INVALID_OPCODE"] },
  { name: "INVALID", code: [Uint8Array.of(0xfe)], ends: ["INVALID_OPCODE"] },
  { name: "memory at a huge offset", code: [HUGE, "MLOAD"], ends: ["OUT_OF_GAS"] },
  { name: "memory just below 2^256", code: [2n ** 256n - 1n, "MLOAD"], ends: ["OUT_OF_GAS"] },
  { name: "no bytes at a huge offset", code: [0, HUGE, "KECCAK256", 0, HUGE, "RETURN"], ends: ["RETURN"] },
  { name: "a copy of huge length", code: [HUGE, 0, 0, "CALLDATACOPY"], ends: ["OUT_OF_GAS"] },
  {
    name: "copies from huge offsets",
    code: [9, HUGE, 0, "CODECOPY", 9, HUGE, 5, "CALLDATACOPY"],
    ends: ["STOP"],
  },
  { name: "MCOPY of nothing", code: [0, HUGE, HUGE, "MCOPY", "MSIZE", 0, "SSTORE"], ends: ["STOP"] },
  {
    name: "MCOPY from beyond memory",
    code: [5, 0, "MSTORE", 33, 100, 7, "MCOPY", "MSIZE", 0, "SSTORE"],
    ends: ["STOP"],
  },
  { name: "return data of none, no bytes", code: [0, 0, 0, "RETURNDATACOPY"], ends: ["STOP"] },
  {
    name: "return data out of bounds, no bytes",
    code: [0, 1, 0, "RETURNDATACOPY"],
    ends: ["RETURN_DATA_OUT_OF_BOUNDS"],
  },
  {
    name: "return data out of bounds, huge",
    code: [1, HUGE, 0, "RETURNDATACOPY"],
    ends: ["RETURN_DATA_OUT_OF_BOUNDS"],
  },
  {
    name: "SSTORE with the stipend's gas",
    code: callOther("CALL", 2306),
    callee: [1, 0, "SSTORE"],
    ends: ["STOP", "OUT_OF_GAS"],
  },
  {
    name: "REVERT keeps gas and output",
    code: [...callOther(), "RETURNDATASIZE", 1, "SSTORE"],
    callee: [7, 3, "REVERT"],
    ends: ["STOP", "REVERT"],
  },
  { name: "REVERT of a transaction", code: [5, 0, "SSTORE", 64, 0, "REVERT"], ends: ["REVERT"] },
  {
    name: "EXTCODECOPY and EXTCODEHASH of nobody",
    code: [5, 0, 0, FRESH, "EXTCODECOPY", FRESH, "EXTCODEHASH", 0, "SSTORE"],
    ends: ["STOP"],
  },
  ...["SSTORE", "TSTORE", "LOG0", "LOG2", "CREATE", "CREATE2", "SELFDESTRUCT"].map((name): Case => ({
    name: `${name} in a static call`,
    code: callOther("STATICCALL"),
    callee: [0, 0, 0, 0, name],
    ends: ["STOP", "STATIC_VIOLATION"],
  })),
  {
    name: "value in a static call",
    code: callOther("STATICCALL"),
    callee: [0, 0, 0, 0, 1, FRESH, "GAS", "CALL"],
    ends: ["STOP", "STATIC_VIOLATION"],
  },
  {
    name: "no value in a call from a static call, and CALLCODE with value",
    code: callOther("STATICCALL"),
    callee: [0, 0, 0, 0, 0, FRESH, "GAS", "CALL", 0, 0, 0, 0, 1, FRESH, "GAS", "CALLCODE"],
    ends: ["STOP", "STOP", "STOP", "STOP"],
  },
  {
    name: "more value than there is",
    code: [
      0,
      0,
      0,
      0,
      HUGE,
      FRESH,
      "GAS",
      "CALL",
      0,
      "SSTORE",
      0,
      0,
      0,
      0,
      HUGE,
      FRESH,
      "GAS",
      "CALLCODE",
      1,
      "SSTORE",
    ],
    ends: ["STOP", "INSUFFICIENT_BALANCE", "INSUFFICIENT_BALANCE"],
  },
  {
    name: "value to a new account, and to one that exists",
    code: [0, 0, 0, 0, 1, FRESH, 0, "CALL", 0, 0, 0, 0, 1, FRESH, 0, "CALL", 0, 0, 0, 0, 1, 8, 0, "CALL"],
    ends: ["STOP", "STOP", "STOP", "STOP"],
  },
  { name: "creation without code", code: createWith(new Uint8Array()), ends: ["STOP", "STOP"] },
  { name: "creation of code", code: createWith(returnBytes(9)), ends: ["STOP", "RETURN"] },
  {
    name: "creation that reverts",
    code: [...createWith(assemble(7, 0, "REVERT")), "RETURNDATASIZE", 1, "SSTORE"],
    ends: ["STOP", "REVERT"],
  },
  {
    name: "creation that halts",
    code: createWith(Uint8Array.of(0xfe)),
    gas: 10n ** 6n,
    ends: ["STOP", "INVALID_OPCODE"],
  },
  {
    name: "creation of code with 0xef first",
    code: createWith(returnBytes(1, 0xef)),
    gas: 10n ** 6n,
    ends: ["STOP", "CODE_STARTS_WITH_EF"],
  },
  {
    name: "creation of the largest code",
    code: createWith(returnBytes(24_576)),
    gas: 10n ** 7n,
    ends: ["STOP", "RETURN"],
  },
  {
    name: "creation of too large code",
    code: createWith(returnBytes(24_577)),
    gas: 10n ** 7n,
    ends: ["STOP", "CODE_TOO_LARGE"],
  },
  {
    name: "creation without gas for its code",
    code: createWith(returnBytes(4_000)),
    gas: 500_000n,
    ends: ["STOP", "CODE_DEPOSIT_OUT_OF_GAS"],
  },
  {
    name: "creation with more value than there is",
    code: createWith(returnBytes(1), HUGE),
    ends: ["STOP", "INSUFFICIENT_BALANCE"],
  },
  {
    name: "creation by an account whose nonce is at its end",
    code: createWith(returnBytes(1)),
    nonce: 2n ** 64n - 1n,
    ends: ["STOP", "NONCE_OVERFLOW"],
  },
  {
    name: "creation by an account whose nonce comes to its end",
    code: createWith(returnBytes(1)),
    nonce: 2n ** 64n - 2n,
    ends: ["STOP", "RETURN"],
  },
  { name: "the largest init code", code: [49_152, 0, 0, "CREATE", 0, "SSTORE"], ends: ["STOP", "STOP"] },
  { name: "too large init code", code: [49_153, 0, 0, "CREATE"], ends: ["INIT_CODE_TOO_LARGE"] },
  {
    name: "creation where a contract is",
    code: repeat(2, "CREATE2").flatMap((create): Item[] => [0, 0, 0, 0, create, 0, "SSTORE"]),
    gas: 10n ** 6n,
    ends: ["STOP", "STOP", "CREATE_COLLISION"],
  },
  {
    name: "calls 1024 deep (I-MACHINE-05)",
    code: [...repeat(5, 0), "ADDRESS", "GAS", "CALL", 0, "SSTORE"],
    gas: 10n ** 13n,
    ends: [...repeat(1025, "STOP"), "CALL_DEPTH"] as FrameEnd[],
  },
  {
    name: "creations at the deepest call",
    // Each level calls the next; where that fails, it creates.
    code: [
      ...repeat(5, 0),
      "ADDRESS",
      "GAS",
      "CALL",
      17,
      "JUMPI",
      0,
      0,
      0,
      "CREATE",
      0,
      "SSTORE",
      "JUMPDEST",
    ],
    gas: 10n ** 13n,
    ends: [...repeat(1025, "STOP"), "CALL_DEPTH", "CALL_DEPTH"] as FrameEnd[],
  },
  {
    name: "SELFDESTRUCT to itself keeps the balance of an old account",
    code: ["ADDRESS", "SELFDESTRUCT"],
    ends: ["SELFDESTRUCT"],
  },
  { name: "SELFDESTRUCT to a new account", code: [FRESH, "SELFDESTRUCT"], ends: ["SELFDESTRUCT"] },
  { name: "SELFDESTRUCT to an absent precompile", code: [7, "SELFDESTRUCT"], ends: ["SELFDESTRUCT"] },
  {
    name: "SELFDESTRUCT of a new account to itself burns",
    code: createWith(assemble("ADDRESS", "SELFDESTRUCT"), 5),
    ends: ["STOP", "SELFDESTRUCT"],
  },
  {
    name: "a callee's SELFDESTRUCT is undone with its caller",
    code: callOther(),
    callee: [...createWith(assemble(FRESH, "SELFDESTRUCT")), 0, 0, "REVERT"],
    ends: ["STOP", "REVERT", "SELFDESTRUCT"],
  },
  {
    name: "warmth, transient storage, logs and refunds are undone with their frame",
    code: [...callOther(), FRESH, "BALANCE", 5, "TLOAD", 1, "SSTORE"],
    callee: [
      FRESH,
      "BALANCE",
      1,
      5,
      "TSTORE",
      1,
      3,
      "SSTORE",
      0,
      3,
      "SSTORE",
      0,
      0,
      "LOG0",
      Uint8Array.of(0xfe),
    ],
    gas: 10n ** 6n,
    ends: ["STOP", "INVALID_OPCODE"],
  },
  {
    name: "DELEGATECALL keeps caller and value",
    code: callOther("DELEGATECALL"),
    callee: ["CALLER", 1, "SSTORE", "CALLVALUE", 2, "SSTORE"],
    ends: ["STOP", "STOP"],
  },
  {
    name: "CALLCODE works on the caller's storage",
    code: callOther("CALLCODE"),
    callee: ["ADDRESS", 1, "SSTORE", "CALLER", 2, "SSTORE"],
    ends: ["STOP", "STOP"],
  },
  {
    name: "a precompile without gas",
    code: [0, 0, 0, 0, 0, 1, 2_999, "CALL", 0, "SSTORE"],
    ends: ["STOP", "PRECOMPILE_FAILED"],
  },
  {
    name: "a precompile with value",
    code: [64, 0, 9, 0, 1, 4, 0, "CALL", "RETURNDATASIZE", 0, "SSTORE"],
    ends: ["STOP", "RETURN"],
  },
  {
    name: "BLAKE2F refuses other lengths",
    code: [0, 0, 212, 0, 0, 9, 5_000, "CALL", 0, "SSTORE"],
    ends: ["STOP", "PRECOMPILE_FAILED"],
  },
  {
    name: "BLAKE2F refuses another last byte",
    code: [2, 212, "MSTORE8", 0, 0, 213, 0, 0, 9, 5_000, "CALL"],
    ends: ["STOP", "PRECOMPILE_FAILED"],
  },
  {
    name: "BLAKE2F of 12 rounds",
    code: [12, 3, "MSTORE8", 1, 212, "MSTORE8", 64, 0, 213, 0, 0, 9, 5_000, "CALL", 0, "MLOAD", 0, "SSTORE"],
    ends: ["STOP", "RETURN"],
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 10].map((number): Case => ({
    name: `precompile ${number} without input, and its warmth`,
    code: [
      32,
      0,
      0,
      0,
      0,
      number,
      9_000,
      "CALL",
      0,
      "MLOAD",
      0,
      "SSTORE",
      number,
      "EXTCODEHASH",
      number,
      "BALANCE",
    ],
    ends: ["STOP", number > 5 ? "STOP" : "RETURN"],
  })),
  {
    name: "MODEXP 0 ** 0 % 1 and longer",
    code: [
      1,
      64,
      "MSTORE",
      1,
      95 + 1,
      "MSTORE8",
      32,
      0,
      97,
      0,
      0,
      5,
      9_000,
      "CALL",
      33,
      32,
      "MSTORE",
      32,
      0,
      200,
      0,
      0,
      5,
      900_000,
      "CALL",
    ],
    ends: ["STOP", "RETURN", "RETURN"],
  },
  {
    name: "MODEXP of huge lengths",
    code: [
      HUGE,
      0,
      "MSTORE",
      0,
      0,
      96,
      0,
      0,
      5,
      900_000,
      "CALL",
      0,
      0,
      "MSTORE",
      HUGE,
      32,
      "MSTORE",
      0,
      0,
      96,
      0,
      0,
      5,
      900_000,
      "CALL",
    ],
    ends: ["STOP", "PRECOMPILE_FAILED", "RETURN"],
  },
  {
    name: "EXP and SIGNEXTEND at their ends",
    code: [
      HUGE - 1n,
      3,
      "EXP",
      0,
      "SSTORE",
      300,
      2,
      "EXP",
      128,
      0,
      "SIGNEXTEND",
      HUGE,
      31,
      "SIGNEXTEND",
      HUGE,
      HUGE,
      "SIGNEXTEND",
      "ADD",
      "ADD",
      1,
      "SSTORE",
    ],
    ends: ["STOP"],
  },
  {
    name: "signed division at its ends",
    code: [
      2n ** 256n - 1n,
      HUGE,
      "SDIV",
      0,
      "SSTORE",
      0,
      HUGE,
      "SDIV",
      3,
      HUGE,
      "SMOD",
      HUGE,
      256,
      "SAR",
      HUGE,
      HUGE,
      "SHL",
      "ADD",
      "ADD",
      1,
      "SSTORE",
    ],
    ends: ["STOP"],
  },
  {
    name: "BLOCKHASH of the window's ends",
    code: [700, 699, 444, 443, 2n ** 256n - 1n].flatMap((n, i): Item[] => [n, "BLOCKHASH", i, "SSTORE"]),
    ends: ["STOP"],
  },
];

async function open({ code, callee = [], nonce = 1n }: Case): Promise<Lockstep> {
  const allocation = new Map<bigint, Allocation>([
    [BigInt(addressOf(wallets[0]!)), { balance: 10n ** 30n }],
    [SELF, { code: assemble(...code), nonce, balance: 1_000n }],
    [OTHER, { code: assemble(...callee), nonce: 1n, balance: 1_000n, storage: new Map([[3n, 9n]]) }],
  ]);
  return Lockstep.create(CHAIN_ID, BLOCK, allocation);
}

const hex = (address: bigint): string => `0x${address.toString(16).padStart(40, "0")}`;

async function call(lockstep: Lockstep, gasLimit = 3_000_000n): Promise<TransactionTrace> {
  return lockstep.send(await signed(wallets[0]!, { type: 2, nonce: 0, to: hex(SELF), gasLimit }));
}

describe("machine against the reference implementation, step by step: corners in bytecode", () => {
  for (const example of cases)
    it(example.name, async () => {
      const lockstep = await open(example);
      await call(lockstep, example.gas);
      const ends = lockstep.machine.frames.map(({ outcome }) => outcome.reason);
      expect(ends).to.deep.equal(example.ends);
    });

  describe("creation by a transaction", () => {
    const create = async (code: Uint8Array, at?: Allocation, gasLimit = 500_000n) => {
      const created = BigInt(getCreateAddress({ from: wallets[0]!.address, nonce: 0 }));
      const allocation = new Map([
        [BigInt(addressOf(wallets[0]!)), { balance: 10n ** 30n }] as [bigint, Allocation],
      ]);
      if (at) allocation.set(created, at);
      const lockstep = await Lockstep.create(CHAIN_ID, BLOCK, allocation);
      const data = `0x${Buffer.from(code).toString("hex")}`;
      const trace = await lockstep.send(
        await signed(wallets[0]!, { type: 0, nonce: 0, data, value: 7n, gasLimit }),
      );
      expect(trace.createdAddress).to.equal(created);
      return { trace, end: lockstep.machine.frames[0]!.outcome.reason };
    };

    it("succeeds, also where there is money", async () => {
      expect((await create(returnBytes(3))).end).to.equal("RETURN");
      expect((await create(returnBytes(3), { balance: 9n })).end).to.equal("RETURN");
      expect((await create(new Uint8Array())).end).to.equal("STOP");
    });

    it("takes all gas where a nonce or code is, and leaves the value with the sender", async () => {
      for (const at of [{ nonce: 1n }, { code: assemble("STOP"), nonce: 1n }]) {
        const { trace, end } = await create(returnBytes(3), at);
        expect(end).to.equal("CREATE_COLLISION");
        expect(trace.gasUsed).to.equal(500_000n);
      }
    });

    it("fails with its code", async () => {
      expect((await create(returnBytes(3, 0xef))).end).to.equal("CODE_STARTS_WITH_EF");
      expect((await create(returnBytes(24_577), undefined, 8_000_000n)).end).to.equal("CODE_TOO_LARGE");
      expect((await create(returnBytes(4_000))).end).to.equal("CODE_DEPOSIT_OUT_OF_GAS");
      expect((await create(assemble(4, 0, "REVERT"))).trace.output.length).to.equal(4);
      expect((await create(assemble("ADDRESS", "SELFDESTRUCT"))).end).to.equal("SELFDESTRUCT");
    });
  });
});
