import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { createAddress } from "../../../../protocol/evm/machine/contractAddress.ts";
import { NOBLE } from "../../../../protocol/evm/machine/primitives.ts";
import { MAX_NONCE } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { call, program } from "./assembler.ts";
import { create, returning, ROOM } from "./creationWorld.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

function endsOf(world: World): string[] {
  const capacities = { ...ROOM, ...world.capacities };
  const run = new PlannedRun({ ...world, capacities });
  expect(run.book.shortages()).to.deep.equal([]);
  const { circuit, witness } = buildRun(run);
  expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  return run.result.frames.map(({ outcome }) => outcome.reason);
}

const world = (caller: Uint8Array): World => ({
  contracts: new Map([[RECIPIENT, caller]]),
  balances: new Map([[RECIPIENT, 1000n]]),
});

describe("frames: creations", () => {
  it("CREATE deposits code, which a call then runs", () => {
    const address = createAddress(NOBLE, RECIPIENT, 1n);
    const code = program(1, 2, "SSTORE", "STOP");
    const caller = program(
      create(returning(code), { value: 9 }),
      "POP",
      call({ to: address }),
      "POP",
      "STOP",
    );
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "RETURN", "STOP"]);
  });

  it("CREATE2 with a salt; code that ends in half a PUSH", () => {
    const caller = program(create(returning(Uint8Array.of(0x5b, 0x61, 0xff)), { salt: 2n ** 200n + 5n }), "POP", "STOP"); // prettier-ignore
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "RETURN"]);
  });

  it("without init code, without output", () => {
    const caller = program(create(new Uint8Array()), "POP", create(program("STOP")), "POP", "STOP");
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "STOP", "STOP"]);
  });

  it("a creation that reverts gives its data back; one without the balance is refused", () => {
    const caller = program(create(program(4, 0, "REVERT")), "POP", "RETURNDATASIZE", create(program("STOP"), { value: 1001 }), "STOP"); // prettier-ignore
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "REVERT", "INSUFFICIENT_BALANCE"]);
  });

  it("the last nonce creates nothing (EIP-2681)", () => {
    const stop = create(program("STOP"));
    const caller = program(stop, "POP", stop, "POP", create(program("STOP"), { salt: 1n }), "STOP");
    const nonces = new Map([[RECIPIENT, MAX_NONCE - 1n]]);
    expect(endsOf({ ...world(caller), nonces, capacities: { segments: 6, frames: 8 } })).to.deep.equal(["STOP", "STOP", "NONCE_OVERFLOW", "NONCE_OVERFLOW"]); // prettier-ignore
  });

  it("an address that is taken", () => {
    const caller = program(create(program("STOP"), { salt: 1n }), "POP", create(program("STOP"), { salt: 1n }), "STOP"); // prettier-ignore
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "STOP", "CREATE_COLLISION"]);
  });

  for (const [name, initCode, reason] of [
    ["that starts with ef", returning(Uint8Array.of(0xef, 1)), "CODE_STARTS_WITH_EF"],
    ["that is too long", program(24_577, 0, "RETURN"), "CODE_TOO_LARGE"],
  ] as const)
    it(`code ${name}`, () => {
      const caller = program(create(initCode), "POP", "STOP");
      const capacities = { memoryCells: 1400 };
      expect(endsOf({ ...world(caller), gas: 20_000_000n, capacities })).to.deep.equal(["STOP", reason]);
    });

  it("code whose deposit cannot be paid", () => {
    const caller = program(create(program(1024, 0, "RETURN")), "POP", "STOP");
    expect(endsOf({ ...world(caller), gas: 150_000n })).to.deep.equal(["STOP", "CODE_DEPOSIT_OUT_OF_GAS"]);
  });

  for (const [name, caller, reason] of [
    ["init code that is too long", program(49_153, 0, 0, "CREATE"), "INIT_CODE_TOO_LARGE"],
    ["too little gas", program(32_768, 0, 0, "CREATE"), "OUT_OF_GAS"],
    ["too little gas for its fixed part", program(0, 0, 0, 0, "CREATE2"), "OUT_OF_GAS"],
  ] as const)
    it(`a creator halts: ${name}`, () => {
      const outer = program(
        call({ to: 0xbbbbn, gas: name.endsWith("part") ? 31_000 : 34_000 }),
        "POP",
        "STOP",
      );
      const contracts = new Map([[RECIPIENT, outer], [0xbbbbn, caller]]); // prettier-ignore
      expect(endsOf({ contracts })).to.deep.equal(["STOP", reason]);
    });

  it("SELFDESTRUCT in the transaction that creates: the account is gone, its storage never was", () => {
    const initCode = program(7, 1, "SSTORE", 1, "SLOAD", "POP", RECIPIENT, "SELFDESTRUCT");
    const caller = program(create(initCode, { value: 3 }), "POP", "STOP");
    expect(endsOf(world(caller))).to.deep.equal(["STOP", "SELFDESTRUCT"]);
  });

  it("SELFDESTRUCT that is undone: the account stays", () => {
    const address = createAddress(NOBLE, RECIPIENT, 1n);
    const code = program(RECIPIENT, "SELFDESTRUCT");
    const undone = program(call({ to: address }), 0, 0, "REVERT");
    const caller = program(create(returning(code)), "POP", call({ to: 0xbbbbn }), "POP", "STOP");
    const contracts = new Map([[RECIPIENT, caller], [0xbbbbn, undone]]); // prettier-ignore
    expect(endsOf({ contracts })).to.deep.equal(["STOP", "RETURN", "REVERT", "SELFDESTRUCT"]);
  });
});

describe("frames: lies about the last nonce", () => {
  const lastNonce = (nonce: bigint): PlannedRun =>
    new PlannedRun({
      ...world(program(create(program("STOP")), "STOP")),
      capacities: ROOM,
      nonces: new Map([[RECIPIENT, nonce]]),
    });
  const lies = [
    ["it is not the last", MAX_NONCE, { "frame[2].start.nonce.isLast": 0n }, "frame[2].start.nonce.isLast.one"], // prettier-ignore
    ["one before is the last", MAX_NONCE - 1n, { "frame[2].start.nonce.isLast": 1n }, "frame[2].start.nonce.isLast.zero"], // prettier-ignore
    ["the one before wraps to 0", MAX_NONCE - 1n, { "frame[2].start.count.after": 0n }, "frame[2].start.count.isNext.lo"], // prettier-ignore
  ] as const;
  for (const [name, nonce, told, broken] of lies)
    it(name, () => {
      const liar = new LyingBuilder(told);
      const { circuit, witness } = buildRun(lastNonce(nonce), liar);
      expect([...liar.told]).to.deep.equal(Object.keys(told));
      expect(check(circuit, witness, 50).broken.map(({ name }) => name)).to.include(broken);
    });
});

describe("frames: lies about a destroyed account", () => {
  const initCode = program(7, 1, "SSTORE", RECIPIENT, "SELFDESTRUCT");
  const run = new PlannedRun({
    ...world(program(create(initCode, { value: 3 }), "POP", "STOP")),
    capacities: ROOM,
  });
  // The first creation; settle[0] is the transaction's own account.
  const lies = {
    "settle[1].goes": 0n,
    "settle[1].destroyed.is": 0n,
    "settle[1].doomed.isNot": 1n,
    "settle[1].nonce.gone.before": 0n,
    "settle[1].doomed.id": 0n,
  };
  const broken: Record<keyof typeof lies, RegExp> = {
    "settle[1].goes": /^settle\[1\]\.goes$/,
    "settle[1].destroyed.is": /^settle\[1\]\.destroyed\.is$/,
    "settle[1].doomed.isNot": /^settle\[1\]\.doomed\.isNot\.zero$/,
    "settle[1].nonce.gone.before": /^settle\[1\]\.nonce\.gone\.isAccess$/,
    "settle[1].doomed.id": /^settle\[1\]\.doomed\.asForetold$/,
  };
  for (const [wire, lie] of Object.entries(lies))
    it(wire, () => {
      const { circuit, witness } = buildRun(run, new LyingBuilder({ [wire]: lie }));
      const names = check(circuit, witness, 100).broken.map(({ name }) => name);
      const expected = broken[wire as keyof typeof lies];
      expect(names.some((name) => expected.test(name)), names.join(" ")).to.equal(true); // prettier-ignore
    });
});
