/** A prover who lies and goes on: each lie is refused by the constraint that is there for it. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { accessTime } from "../../../../protocol/evm/accessKey.ts";
import type { FactKey } from "../../../../protocol/evm/factKey.ts";
import { factKey } from "../../../../protocol/evm/factKey.ts";
import type { MemoryAccessEntry } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { type Lie, LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { type Program, VALUE, everything, worldOf } from "./demoWorld.ts";
import { type World, buildWorld } from "./memoryWorld.ts";

/** Names of the constraints broken when the plan is changed and these wires lie. */
function broken(
  program: Program,
  change: (world: World) => void,
  lies: Readonly<Record<string, Lie>> = {},
): string[] {
  const world = worldOf(program);
  change(world);
  const b = Object.keys(lies).length === 0 ? new Builder() : new LyingBuilder(lies);
  const { circuit, witness } = buildWorld(world.book.capacities, world, b);
  if (b instanceof LyingBuilder) expect([...b.told].sort()).to.deep.equal(Object.keys(lies).sort());
  return check(circuit, witness, 1000).broken.map(({ name }) => name);
}

const refusesPlan = (
  lie: string,
  constraint: string,
  change: (world: World) => void,
  program = everything,
): void => {
  it(`${lie}: ${constraint}`, () => expect(broken(program, change)).to.include(constraint));
};
const refusesWires = (
  lie: string,
  constraint: string,
  lies: Readonly<Record<string, Lie>>,
  program = everything,
): void => {
  it(`${lie}: ${constraint}`, () => expect(broken(program, () => {}, lies)).to.include(constraint));
};

const accesses = (world: World): MemoryAccessEntry[] => world.memory.bus.entries;
const replace = <T>(list: readonly T[], i: number, change: (entry: T) => T): void => {
  (list as T[])[i] = change(list[i]!);
};
const flip: Lie = (honest) => 1n - honest;
const more: Lie = (honest) => honest + 1n;
const less: Lie = (honest) => honest - 1n;

/** A room for one access more. */
const withSpare =
  (program: Program): Program =>
  (world) => {
    program(world);
    world.book.take("memoryAccesses");
  };

describe("memory bus, lied to", () => {
  refusesPlan("a store that writes nothing", "memoryOp[0].x.isAccess", (world) =>
    replace(accesses(world), 1, (entry) => ({ ...entry, after: undefined })),
  );
  refusesPlan("a dropped store", "memoryOp[0].x.isAccess", (world) => accesses(world).splice(1, 1));
  refusesPlan("a store to another cell", "memoryOp[0].x.isAccess", (world) =>
    replace(accesses(world), 1, (entry) => ({ ...entry, cell: entry.cell + 1 })),
  );
  refusesPlan("another value stored", "memoryOp[0].x.isAccess", (world) =>
    replace(accesses(world), 1, (entry) => ({ ...entry, after: 7 })),
  );
  refusesPlan("a load of another cell", "memoryOp[2].x.isAccess", (world) =>
    replace(accesses(world), 6, (entry) => ({ ...entry, cell: 10 })),
  );
  refusesPlan("a load that writes", "memoryOp[2].x.isAccess", (world) =>
    replace(accesses(world), 6, (entry) => ({ ...entry, after: 7 })),
  );
  refusesPlan("a load before the store", "memory.access[4].time.ascends", (world) => {
    const list = accesses(world);
    [list[3], list[6]] = [list[6]!, list[3]!];
  });
  refusesPlan("a copy's write before its reads", "memory.access[41].time.ascends", (world) => {
    const list = accesses(world);
    [list[39], list[41]] = [list[41]!, list[39]!];
  });
  refusesPlan(
    "a write that nobody claims",
    "memory.accesses.eachClaimed",
    (world) => accesses(world).splice(2, 0, { time: accessTime(3, 0), cell: 10, after: 7 }),
    withSpare(everything),
  );
  refusesPlan(
    "a second access at a claimed time",
    "memory.access[2].time.ascends",
    (world) => accesses(world).splice(2, 0, { ...accesses(world)[1]!, after: 7 }),
    withSpare(everything),
  );
  refusesWires("an access after an unused one", "memory.access[6].active.prefix", {
    "memory.access[5].active": 0n,
  });
  refusesWires("a claim left out", "memoryOp[1].spans", { "memoryOp[1].spans": 0n });
});

/** A row is answered with other fields than the plan's chip proves. */
const answer = (world: World, list: { key: FactKey }[], i: number, lie: Partial<FactKey>): void => {
  const honest = list[i]!.key;
  const key = { ...honest, ...lie };
  list[i] = { key };
  const place = world.book.placeOf(factKey(honest))!;
  world.book.keys[place] = factKey(key);
  const answers = {
    answerTo: world.book.answerTo.bind(world.book),
    placeOf: world.book.placeOf.bind(world.book),
  };
  world.book.answerTo = (question) =>
    answers.answerTo(question) === factKey(honest) ? factKey(key) : answers.answerTo(question);
  world.book.placeOf = (wanted) => (wanted === factKey(key) ? place : answers.placeOf(wanted));
};

const aligned: Program = (world) => {
  world.run("MSTORE", 0n, VALUE);
  world.run("MSTORE", 0n, VALUE + 1n);
  world.run("MLOAD", 0n);
};

describe("memory operations, lied to", () => {
  refusesPlan("a stale word loaded", "memoryOp[2].z.isLoaded", (world) =>
    answer(world, world.memory.ops.entries, 2, { z: world.book.literal(VALUE) }), aligned); // prettier-ignore
  refusesPlan("less gas for expansion", "row[2].fact", (world) =>
    answer(world, world.memory.ops.entries, 0, { y: 0n })); // prettier-ignore
  refusesPlan("a wrong size", "memoryOp[5].z.isSize", (world) =>
    answer(world, world.memory.ops.entries, 5, { z: 64 }),
  );
  refusesPlan("a wrong size of return data", "memoryOp[6].z.isSize", (world) =>
    answer(world, world.memory.ops.entries, 6, { z: 0 })); // prettier-ignore
  refusesPlan("calldata's tail not cut", "memoryOp[7].z.isLoaded", (world) =>
    answer(world, world.memory.ops.entries, 7, { z: world.memory.bytes.join(513, 514, 28) })); // prettier-ignore
  refusesWires("a tail said to be whole", "memoryOp[7].calldata.side", { "memoryOp[7].calldata.short": 0n, "memoryOp[7].calldata.whole": 1n }); // prettier-ignore
  refusesWires("a word said to be past the end", "memoryOp[8].calldata.side", { "memoryOp[8].calldata.whole": 0n, "memoryOp[8].calldata.past": 1n }); // prettier-ignore
  refusesWires("another cell", "memoryOp[2].cell.ofAddress", { "memoryOp[2].cell": more });
  refusesWires("another shift", "memoryOp[2].cell.ofAddress", { "memoryOp[2].shift": more });
  refusesWires("memory that does not grow", "memoryOp[0].size.isGreater", { "memoryOp[0].size.grows": 0n });
  refusesWires("memory that shrinks", "memoryOp[4].size.isGreater", { "memoryOp[4].size.grows": 1n });
  refusesWires("a smaller square", "memoryOp[0].size.now.remainder.isSmall", {
    "memoryOp[0].size.now.quotient": more,
  });
  refusesWires("no operation at all", "row[2].fact", { "memoryOp[0].store": 0n });
  refusesWires("two operations at once", "memoryOp[0].active.one", {
    "memoryOp[0].load": 1n,
  });
  refusesWires("an entry that no row asked for", "timedFacts.eachAskedOnce", { "row[2].asks": 0n });
  refusesWires("a wrong join", "memoryOp[2].r", { "join[1].shift": more });
  refusesWires("another split", "join[1].result.hi.shift", { "join[1].result.hi": more });
  refusesWires("other bytes merged", "merge[0].result.mixed.shift", { "merge[0].result.mixed": more });
  refusesPlan("memory past the frame's limit", "memoryOp[0].size.withinLimit", () => {}, (world) =>
    world.run("MSTORE", 32n * 40n, VALUE)); // prettier-ignore
  it("an offset of 2^128 + 300 taken for 300: memoryOp[0].cell.ofAddress", () => {
    const program: Program = (world) => void world.run("MSTORE", 300n, VALUE);
    const huge = (world: World): void => {
      world.book.words[world.book.literal(300n)]! += 2n ** 128n;
    };
    const small = { "memoryOp[0].cell": 19n, "memoryOp[0].shift": 12n };
    expect(broken(program, huge, small)).to.include("memoryOp[0].cell.ofAddress");
  });
});

describe("copies, lied to", () => {
  refusesWires("a shorter copy", "copy[0].bytes.rows.spare.inWord", { "copy[0].bytes.rows": less });
  refusesWires("a longer copy", "copy[0].bytes.rows.spare.inWord", { "copy[0].bytes.rows": more });
  refusesWires("a row left out", "copies.copyRow.holdsAll", { "copies.copyRow[11].active": 0n });
  refusesWires("a source said to be long enough", "copy[0].bytes.masks.proven", { "copy[0].bytes.masks": 0n });
  refusesWires("a tail of calldata not cut", "copies.copyRow[2].left.side", { "copies.copyRow[2].whole": 1n, "copies.copyRow[2].partial": 0n }); // prettier-ignore
  refusesWires("bytes said to be past the end", "copies.copyRow[0].left.side", { "copies.copyRow[0].whole": 0n });
  refusesWires("an offset clamped too early", "copy[0].source.side", { "copy[0].source.isPast": 1n });
  refusesWires("another source", "copy[3].bytes.q.ofSource", { "copy[3].bytes.q": more });
  refusesWires("another destination", "copy[3].bytes.cell.ofDestination", { "copy[3].bytes.cell": more });
  refusesWires("the cell before not read", "copy[3].bytes.leads.whereNeeded", { "copy[3].bytes.leads": flip });
  refusesWires("another owner's row", "copies.copyRow[3].rest", { "copies.copyRow[3].owner": 0n });
  refusesWires("a smaller end", "copy[3].end.isGreater", { "copy[3].end.bySource": 0n });
  refusesWires("an end past what is touched", "copy[0].touched.spare.inWord", { "copy[0].touched": less });
  refusesWires("fewer words paid", "copy[1].copied.spare.inWord", { "copy[1].copied": less });
  refusesPlan("return data past its end", "copy[0].returned.inBounds", () => {}, (world) => {
    world.returnTo(1, 2);
    world.run("RETURNDATACOPY", 0n, 40n, 10n);
  }); // prettier-ignore
  refusesPlan("no return data from past its end", "copy[0].returned.fromInside", () => {}, (world) => {
    world.returnTo(1, 2);
    world.run("RETURNDATACOPY", 0n, 46n, 0n);
  }); // prettier-ignore
  refusesPlan("a copy past the limit", "copy[0].size.withinLimit", () => {}, (world) =>
    world.run("CALLDATACOPY", 32n * 40n - 1n, 0n, 2n)); // prettier-ignore
  refusesPlan("another length in the second row", "row[30].fact", (world) =>
    replace(world.memory.copies.entries, 0, ({ first, second }) => ({ first, second: { ...second, a: 33 } })));
  refusesPlan("another word of code", "copies.copyRow[3].word", (world) =>
    replace(world.code.words, 0, ({ pc }) => ({ pc: pc + 1 })));
}); // prettier-ignore

describe("messages, hashes and logs, lied to", () => {
  refusesPlan("a commitment to other bytes", "messages.messageRow[2].commitment.isHash", (world) =>
    replace(world.memory.messages.entries, 0, (entry) => ({ ...entry, commitment: entry.commitment + 1n })));
  refusesPlan("a message from elsewhere", "keccakOp[0].message.isMessage", (world) =>
    replace(world.memory.messages.entries, 0, (entry) => ({ ...entry, start: entry.start + 32 })));
  refusesPlan("a shorter message", "keccakOp[0].message.isMessage", (world) =>
    replace(world.memory.messages.entries, 0, (entry) => ({ ...entry, length: entry.length - 1 })));
  refusesPlan("a message of a later time", "keccakOp[0].message.isMessage", (world) =>
    replace(world.memory.messages.entries, 0, (entry) => ({ ...entry, time: entry.time + 1n })));
  refusesPlan("a message that nobody asked for", "messages.eachAsked", (world) => {
    world.memory.messages.entries.push({ ...world.memory.messages.entries[0]!, time: 1n, length: 0 });
  }, (world) => {
    everything(world);
    world.book.take("messages");
  });
  refusesWires("a last word with bytes beyond the length", "messages.message[0].rows.spare.inWord", { "messages.message[0].rows": less });
  refusesWires("a last word not cut", "messages.messageRow[2].cuts", { "messages.messageRow[2].cuts": 0n });
  refusesWires("an unused message with rows", "messages.message[0].unused.isEmpty", { "messages.message[0].active": 0n });
  refusesPlan("another digest", "keccakOp[0].z.isDigest.lo", (world) =>
    answer(world, world.memory.keccaks.entries, 0, { z: 5 }));
  refusesPlan("less gas for a hash", "row[54].fact", (world) => answer(world, world.memory.keccaks.entries, 0, { y: 0n }));
  refusesPlan("another topic", "row[60].fact", (world) =>
    replace(world.memory.logs.entries, 0, ({ topics, rows }) => ({ topics, rows: [rows[0]!, { ...rows[1]!, a: 7 }] })));
  refusesPlan("a topic left out", "row[69].fact", (world) =>
    replace(world.memory.logs.entries, 1, (entry) => ({ ...entry, topics: 3 })));
  refusesPlan("a head of another history", "log[1].before", (world) =>
    replace(world.memory.logs.heads, 0, (head) => head + 1n));
  refusesPlan("a log in a static frame", "log[0].frame.mayWrite", () => {}, (world) => {
    world.rows.frame = 3;
    world.run("LOG0", 0n, 32n);
  });
}); // prettier-ignore
