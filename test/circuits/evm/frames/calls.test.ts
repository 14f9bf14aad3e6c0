import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { call, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

const [B, C, NOBODY] = [0xbbbbn, 0xccccn, 0x1234_5678n];

/** Plans, builds and checks a run; the ends of its frames. */
function endsOf(world: World): string[] {
  const run = new PlannedRun(world);
  expect(run.book.shortages()).to.deep.equal([]);
  const { circuit, witness } = buildRun(run);
  expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  return run.result.frames.map(({ outcome }) => outcome.reason);
}

const contracts = (caller: Uint8Array, b?: Uint8Array, c?: Uint8Array): World["contracts"] =>
  new Map([[RECIPIENT, caller], ...(b ? ([[B, b]] as const) : []), ...(c ? ([[C, c]] as const) : [])]); // prettier-ignore

const store = (key: number, value: number): Uint8Array => program(value, key, "SSTORE", "STOP");
const rich = new Map([[RECIPIENT, 1000n]]);

describe("frames: calls", () => {
  it("a frame that stops", () => {
    expect(endsOf({ contracts: contracts(program(1, "POP", "STOP")) })).to.deep.equal(["STOP"]);
  });

  it("a call that writes, and returns a word to an unaligned place", () => {
    const callee = program(7, 1, "SSTORE", 9, 0, "MSTORE", 32, 0, "RETURN");
    const caller = program(call({ to: B, output: [4, 32] }), "POP", "RETURNDATASIZE", "STOP");
    expect(endsOf({ contracts: contracts(caller, callee) })).to.deep.equal(["STOP", "RETURN"]);
  });

  it("a call inside a call that reverts: its writes are undone, its data returned", () => {
    const inner = program(1, 1, "SSTORE", 5, 0, "MSTORE", 32, 0, "REVERT");
    const outer = program(call({ to: C }), 1, "SSTORE", "STOP");
    const caller = program(call({ to: B }), "POP", "STOP");
    expect(endsOf({ contracts: contracts(caller, outer, inner) })).to.deep.equal(["STOP", "STOP", "REVERT"]);
  });

  for (const op of ["CALLCODE", "DELEGATECALL", "STATICCALL"] as const)
    it(`${op} of a contract that reads`, () => {
      const caller = program(call({ op, to: B }), "POP", "STOP");
      expect(endsOf({ contracts: contracts(caller, program(3, "SLOAD", "STOP")) })).to.deep.equal(["STOP", "STOP"]); // prettier-ignore
    });

  it("value goes to an account that did not exist, to one that does, and to the caller itself", () => {
    const caller = program(call({ to: NOBODY, value: 7 }), call({ to: NOBODY, value: 1 }), call({ to: RECIPIENT, value: 3, gas: 0 }), "STOP"); // prettier-ignore
    const world = { contracts: contracts(caller), balances: rich, capacities: { frames: 12, rows: 160 } };
    expect(endsOf(world).slice(0, 3)).to.deep.equal(["STOP", "STOP", "STOP"]);
  });

  it("value that the caller does not have is refused, and its stipend comes back", () => {
    const caller = program(call({ to: B, value: 1001 }), 1, "SSTORE", "STOP");
    const world = { contracts: contracts(caller, store(1, 1)), balances: rich };
    expect(endsOf(world)).to.deep.equal(["STOP", "INSUFFICIENT_BALANCE"]);
  });

  it("a callee that asks for more gas than there is gets all but a 64th", () => {
    const caller = program(call({ to: B, gas: 2n ** 255n }), "POP", "STOP");
    expect(endsOf({ contracts: contracts(caller, store(1, 1)) })).to.deep.equal(["STOP", "STOP"]);
  });

  it("a callee with too little gas halts, its caller goes on", () => {
    const caller = program(call({ to: B, gas: 100 }), 1, "SSTORE", "STOP");
    expect(endsOf({ contracts: contracts(caller, store(1, 1)) })).to.deep.equal(["STOP", "OUT_OF_GAS"]);
  });

  it("SELFDESTRUCT moves the balance to its heir, warm, cold or new", () => {
    const caller = program(call({ to: B, value: 5 }), "POP", call({ to: C, value: 6 }), "POP", "STOP");
    const world = { contracts: contracts(caller, program(NOBODY, "SELFDESTRUCT"), program(B, "SELFDESTRUCT")), balances: rich }; // prettier-ignore
    expect(endsOf(world)).to.deep.equal(["STOP", "SELFDESTRUCT", "SELFDESTRUCT"]);
  });

  it("SELFDESTRUCT to itself keeps the balance", () => {
    const caller = program(call({ to: B, value: 5 }), "POP", "STOP");
    const world = { contracts: contracts(caller, program(B, "SELFDESTRUCT")), balances: rich };
    expect(endsOf(world)).to.deep.equal(["STOP", "SELFDESTRUCT"]);
  });
});

describe("frames: exceptional halts", () => {
  const halts: readonly (readonly [string, Uint8Array, string])[] = [
    ["underflow", program(1, "SSTORE"), "STACK_UNDERFLOW"],
    ["underflow of an opcode of several rows", program(1, 2, 3, 4, 5, "CALL"), "STACK_UNDERFLOW"],
    ["no instruction", program([0xfe]), "INVALID_OPCODE"],
    ["a jump to no JUMPDEST", program(3, "JUMP", "STOP"), "INVALID_JUMP"],
    ["a jump into the data of a PUSH", program(4, "JUMP", [0x60, 0x5b]), "INVALID_JUMP"],
    ["a jump out of the code", program(0xffff, "JUMP"), "INVALID_JUMP"],
    ["a jump past 2^128", program(2n ** 130n, "JUMP"), "INVALID_JUMP"],
    ["a JUMPI to nowhere", program(1, 0, "JUMPI"), "INVALID_JUMP"],
    ["memory that is too dear", program(1, 0x8_0000, "MSTORE"), "OUT_OF_GAS"],
    ["memory that is huge", program(1, 2n ** 200n, "MSTORE"), "OUT_OF_GAS"],
    ["hashing what is too long", program(0x40_0000, 0, "KECCAK256"), "OUT_OF_GAS"],
    ["a log too long, with four topics", program(1, 2, 3, 4, 0x20_0000, 0, "LOG4"), "OUT_OF_GAS"],
    ["a copy too long", program(0x20_0000, 0, 0, "CODECOPY"), "OUT_OF_GAS"],
    ["MCOPY from too far", program(1, 2n ** 40n, 0, "MCOPY"), "OUT_OF_GAS"],
    ["EXTCODECOPY too long", program(0x20_0000, 0, 0, B, "EXTCODECOPY"), "OUT_OF_GAS"],
    ["return data that is not there", program(1, 0, 0, "RETURNDATACOPY"), "RETURN_DATA_OUT_OF_BOUNDS"],
    ["a RETURN too long", program(0x20_0000, 0, "RETURN"), "OUT_OF_GAS"],
    ["a REVERT from too far", program(1, 2n ** 90n, "REVERT"), "OUT_OF_GAS"],
    ["a call with too much memory", program(call({ to: C, input: [0, 0x20_0000] })), "OUT_OF_GAS"],
    ["a call with huge memory", program(call({ to: C, output: [2n ** 64n, 1] })), "OUT_OF_GAS"],
  ];
  for (const [name, callee, reason] of halts)
    it(name, () => {
      const caller = program(call({ to: B, gas: 60_000 }), "POP", "STOP");
      expect(endsOf({ contracts: contracts(caller, callee) })).to.deep.equal(["STOP", reason]);
    });

  for (const [gas, name] of [
    [2_000, "SSTORE"],
    [5_100, "SELFDESTRUCT"],
    [3, "PUSH"],
    [102, "a call"],
  ] as const)
    // prettier-ignore
    it(`${name} with ${gas} gas`, () => {
      const code = { SSTORE: store(1, 1), SELFDESTRUCT: program(NOBODY, "SELFDESTRUCT"), PUSH: program(1, 2, "STOP"), "a call": program(call({ to: C })) }[name]; // prettier-ignore
      const caller = program(call({ to: B, gas }), "POP", "STOP");
      expect(endsOf({ contracts: contracts(caller, code) })).to.deep.equal(["STOP", "OUT_OF_GAS"]);
    });

  for (const name of ["SSTORE", "TSTORE", "LOG0", "SELFDESTRUCT", "CREATE", "CREATE2", "CALL"] as const)
    it(`${name} in a static frame`, () => {
      const callee = name === "CALL" ? program(call({ to: C, value: 1 })) : program(0, 0, 0, 0, name);
      const caller = program(call({ op: "STATICCALL", to: B }), "POP", "STOP");
      const world = { contracts: contracts(caller, callee), balances: new Map([[B, 5n]]) };
      expect(endsOf(world)).to.deep.equal(["STOP", "STATIC_VIOLATION"]);
    });

  it("a stack of more than 1,024 words", () => {
    const callee = program(...Array.from({ length: 1025 }, () => "PUSH0"));
    const caller = program(call({ to: B }), "POP", "STOP");
    const capacities = { rows: 1100, codeRows: 20 };
    expect(endsOf({ contracts: contracts(caller, callee), capacities })).to.deep.equal(["STOP", "STACK_OVERFLOW"]); // prettier-ignore
  });
});
