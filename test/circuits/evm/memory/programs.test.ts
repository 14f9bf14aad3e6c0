/** Random programs of all opcodes of memory: every answer, gas and log against plain bytes, and the circuit holds. */
import { expect } from "chai";
import { OPCODE, OPCODES } from "../../../../protocol/evm/opcodes.ts";
import { commitLog, logsHead } from "../../../../protocol/state/receipts.ts";
import { Random } from "../../../protocol/random.ts";
import { expectSound } from "../../builder/expectBroken.ts";
import { ByteModel, transactionData } from "./byteModel.ts";
import { FRAMES, World, buildWorld, capacitiesOf } from "./memoryWorld.ts";

const random = new Random();

export const CAPACITIES = capacitiesOf({
  literals: 120, joins: 110, merges: 110, products: 12, codeWords: 40, codeRows: 5, memoryOps: 40, copies: 20,
  keccaks: 3, logs: 6, rows: 260, memoryCells: 80, memoryAccesses: 420, copyWords: 90, messages: 9,
  messageWords: 40, keccakJobs: 3, keccakWords: 12, keccakBlocks: 3,
}); // prettier-ignore

/** Both at once, and that they agree. */
class Pair {
  readonly world = new World(CAPACITIES);
  readonly model: Readonly<Record<number, ByteModel>>;
  readonly logs: { topics: bigint[]; data: Uint8Array }[] = [];

  constructor() {
    const first = new ByteModel(transactionData);
    const { inputLength } = FRAMES[2]!;
    this.model = { 1: first, 2: new ByteModel(() => first.bytes(7, inputLength!)) };
  }

  enter(frame: number): void {
    this.world.rows.frame = frame;
  }

  run(name: string, ...operands: bigint[]): void {
    const { rows } = this.world;
    const before = rows.gas;
    const pushes = 3 * operands.length + (OPCODES[OPCODE[name]!]!.pushes > 0 ? 2 : 0);
    const result = this.world.run(name, ...operands);
    const { [rows.frame]: model } = this.model;
    const expected = model!.run(name, ...operands);
    const text = `${name} ${operands.join(" ")} (seed ${random.seed})`;
    expect(result, text).to.equal(expected.result);
    expect(Number(before - rows.gas) - pushes - OPCODES[OPCODE[name]!]!.gas, `gas of ${text}`).to.equal(
      expected.gas,
    );
    if (name.startsWith("LOG"))
      this.logs.push({
        topics: operands.slice(2),
        data: model!.bytes(Number(operands[0]), Number(operands[1])),
      });
  }

  /** Frame 1 sees what frame 2 returned. */
  returnData(): void {
    this.world.returnTo(1, 2);
    this.model[1]!.returned = this.model[2]!.bytes(3, FRAMES[2]!.outputLength!);
  }
}

const HUGE = [2n ** 256n - 1n, 2n ** 128n, 2n ** 25n, 2n ** 24n];
const offset = (limit: number): bigint => BigInt(random.pick([0, 32, 64, random.below(limit)]));
const length = (): bigint => BigInt(random.pick([0, 1, 31, 32, 33, 64, random.below(100)]));
/** Past the end now and then, even far. */
const source = (): bigint => random.pick([offset(120), offset(120), random.pick(HUGE)]);

const OPERANDS: Readonly<Record<string, () => bigint[]>> = {
  MLOAD: () => [offset(400)],
  MSTORE: () => [offset(400), random.bits(256)],
  MSTORE8: () => [offset(400), random.bits(256)],
  MSIZE: () => [],
  RETURNDATASIZE: () => [],
  CALLDATALOAD: () => [source()],
  CALLDATACOPY: () => [offset(300), source(), length()],
  CODECOPY: () => [offset(300), source(), length()],
  MCOPY: () => [offset(300), offset(300), length()],
  EXTCODECOPY: () => [BigInt(1 + random.below(2)), offset(300), source(), length()],
};

describe(`memory against plain bytes (seed ${random.seed})`, function () {
  this.timeout(60_000);

  for (let i = 0; i < 6; i++)
    it(`random program ${i}`, () => {
      const pair = new Pair();
      const names = Object.keys(OPERANDS);
      const some = (count: number): void => {
        for (let n = 0; n < count; n++) {
          const name = random.pick(names);
          pair.run(name, ...OPERANDS[name]!());
        }
      };
      some(8);
      pair.enter(2);
      pair.run("MSTORE", 5n, random.bits(256));
      pair.run("CALLDATACOPY", 40n, 3n, 60n);
      pair.run("CALLDATALOAD", 30n);
      pair.enter(1);
      pair.returnData();
      pair.run("RETURNDATASIZE");
      pair.run("RETURNDATACOPY", offset(300), 2n, 43n);
      pair.run("RETURNDATACOPY", random.pick(HUGE), 45n, 0n);
      pair.run("MCOPY", random.pick(HUGE), random.pick(HUGE), 0n);
      some(8);
      pair.run("KECCAK256", offset(300), BigInt(random.below(120)));
      pair.run("KECCAK256", random.pick(HUGE), 0n);
      for (let topics = 0; topics <= 4; topics++)
        pair.run(
          `LOG${topics}`,
          offset(200),
          length(),
          ...Array.from({ length: topics }, () => random.bits(256)),
        );
      const { world } = pair;
      expect(world.book.shortages()).to.deep.equal([]);
      const address = `0x${FRAMES[1]!.address!.toString(16).padStart(40, "0")}` as const;
      const logs = pair.logs.map(({ topics, data }) => commitLog({ address, topics }, data));
      expect(world.memory.logs.heads.at(-1)).to.equal(logsHead(logs));
      expectSound(buildWorld(CAPACITIES, world));
    });
});
