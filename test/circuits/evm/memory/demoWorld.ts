/** A program that uses every chip of memory once or twice, and room for just that. */
import type { Capacity } from "../../../../protocol/evm/capacities.ts";
import { World, capacitiesOf } from "./memoryWorld.ts";

export const VALUE = BigInt(
  `0x${Array.from({ length: 32 }, (_, i) => (i + 1).toString(16).padStart(2, "0")).join("")}`,
);

export type Program = (world: World) => void;

/** The numbers of entries below are those of this order. */
export const everything: Program = (world) => {
  world.run("MSTORE", 0n, VALUE); // memoryOp[0]
  world.run("MSTORE", 300n, VALUE); // memoryOp[1], unaligned
  world.run("MLOAD", 300n); // memoryOp[2], unaligned
  world.run("MSTORE8", 63n, 0xabn); // memoryOp[3]
  world.run("MLOAD", 0n); // memoryOp[4]
  world.run("MSIZE"); // memoryOp[5]
  world.returnTo(1, 2);
  world.run("RETURNDATASIZE"); // memoryOp[6]
  world.run("CALLDATALOAD", 60n); // memoryOp[7], cut
  world.run("CALLDATALOAD", 4n); // memoryOp[8], whole
  world.run("CALLDATACOPY", 100n, 3n, 90n); // copy[0], cut
  world.run("CODECOPY", 64n, 10n, 64n); // copy[1]
  world.run("RETURNDATACOPY", 65n, 5n, 40n); // copy[2]
  world.run("MCOPY", 10n, 20n, 70n); // copy[3]
  world.run("EXTCODECOPY", 9n, 20n, 1n, 39n); // copy[4]
  world.run("KECCAK256", 5n, 70n); // keccakOp[0]
  world.run("LOG1", 0n, 32n, VALUE); // log[0]
  world.run("LOG4", 1n, 33n, 7n, 8n, 9n, 10n); // log[1]
};

/** Room for exactly what a program uses. */
export function worldOf(program: Program): World {
  const draft = new World(capacitiesOf({}));
  program(draft);
  const uses: Partial<Record<Capacity, number>> = Object.fromEntries(draft.book.uses());
  const keccak = { keccakJobs: 1, keccakWords: 4, keccakBlocks: 1 };
  const least = { literals: 1, joins: 1, merges: 1, products: 1, codeWords: 1, memoryOps: 1, copies: 1, keccaks: 1, logs: 1, copyWords: 1, messages: 1, messageWords: 1, memoryAccesses: 1 }; // prettier-ignore
  const world = new World(
    capacitiesOf({ ...least, ...keccak, ...uses, memoryCells: 80, rows: draft.rows.t }),
  );
  program(world);
  return world;
}
