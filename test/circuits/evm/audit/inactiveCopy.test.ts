/**
 * An entry of the chip of copies that is not active asks for no copy, whatever its operands are.
 *
 * Else a prover could zero the memory of any frame at any row: a stored word would be gone before it is loaded.
 */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { VALUE, worldOf } from "../memory/demoWorld.ts";
import { FRAMES, type World, buildWorld } from "../memory/memoryWorld.ts";

const FRAME = 1;

/** Clears the first word of the frame's memory at this row, by an entry whose operation is none. */
function clearFirstWord(world: World): void {
  const { book, rows, memory } = world;
  const { t } = rows;
  book.take("copies");
  book.take("copyWords");
  memory.bus.write(t, Sub.WRITE, FRAMES[FRAME]!.memoryBase! + 2, 0);
  memory.copies.entries.push({
    first: { op: 0, t, f: FRAME, a: 0, b: 0, gas: 100 },
    second: { op: 0, a: 32 },
  });
  const { asked } = world;
  world.asked = () => asked.call(world).filter(({ op }) => op !== 0);
  rows.step(OPCODE.JUMPDEST!);
}

describe("an inactive copy", () => {
  it("does not clear what the program stored: copy[0].target.ofActive", () => {
    let loaded = VALUE;
    const world = worldOf((world) => {
      world.run("MSTORE", 0n, VALUE);
      clearFirstWord(world);
      loaded = world.run("MLOAD", 0n);
    });
    expect(loaded).to.equal(0n);
    const { circuit, witness } = buildWorld(world.book.capacities, world);
    expect(check(circuit, witness, 20).broken.map(({ name }) => name)).to.deep.equal([
      "copy[0].target.ofActive",
    ]);
  });
});
