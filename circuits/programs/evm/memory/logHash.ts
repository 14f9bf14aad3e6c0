/**
 * One more log of a chain of logs (protocol/state/receipts.ts), with 0 to 4 topics.
 *
 * Proves: result = hash(LOG, [head, address, n, lo and hi of the n topics, data]).
 * Assumes: `count` is one-hot, count[n] = 1 iff there are n topics. With none of them the result is 0.
 * Enforces: the sponge of n = 4, whose tag holds the number of inputs, n of them; input 3 + 2n is the data's commitment, inputs
 *   after it 0; the result is the state after the last group that n fills.
 * Sound because: for each n these are the inputs and permutations of the native hash, whose groups are of three.
 * Cost: 330 gates.
 */
import { add, combine } from "../../../builder/arithmetic.ts";
import { poseidon2Permutation } from "../../../builder/blackBoxes.ts";
import type { Builder, Product, Term } from "../../../builder/builder.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { Domain } from "../../../../protocol/domains.ts";

export const MAX_TOPICS = 4;
const TOPIC_COUNTS = [0, 1, 2, 3, 4] as const;
const RATE = 3;

export interface LogWires {
  readonly head: Wire;
  readonly address: Wire;
  /** By number of topics. */
  readonly count: readonly Bool[];
  /** MAX_TOPICS of them. */
  readonly topics: readonly Word[];
  readonly data: Wire;
}

const inputsOf = (topics: number): number => 4 + 2 * topics;
const groupsOf = (topics: number): number => Math.ceil(inputsOf(topics) / RATE);

export function nextLogsHeadOf(
  b: Builder,
  { head, address, count, topics, data }: LogWires,
  name: string,
): Wire {
  return b.scope(name, () => {
    const atLeast = (n: number): readonly Bool[] => count.slice(n);
    const weighted = (weight: (n: number) => bigint): Term[] =>
      TOPIC_COUNTS.map((n) => [weight(n), count[n]!]);
    const topicCount = combine(b, [], weighted(BigInt), 0n, "topicCount");
    const limbs = topics.flatMap(({ lo, hi }) => [lo, hi]);
    const tail = Array.from({ length: 2 * MAX_TOPICS + 1 }, (_, i) => {
      const products: Product[] =
        limbs[i] === undefined ? [] : atLeast((i >> 1) + 1).map((c) => [1n, c, limbs[i]!]);
      if (i % 2 === 0) products.push([1n, count[i >> 1]!, data]);
      return combine(b, products, [], 0n, `input[${i + 3}]`);
    });
    const inputs = [head, address, topicCount, ...tail];
    const tag = combine(
      b,
      [],
      weighted((n) => (BigInt(Domain.LOG) << 64n) + BigInt(inputsOf(n))),
      0n,
      "tag",
    );
    let state: Wire[] = [inputs[0]!, inputs[1]!, inputs[2]!, tag];
    const after: Wire[] = [];
    for (let group = 0; group < groupsOf(MAX_TOPICS); group++) {
      if (group > 0) state = state.map((lane, i) => (i < RATE ? add(b, lane, inputs[RATE * group + i]!, `absorb[${RATE * group + i}]`) : lane)); // prettier-ignore
      state = poseidon2Permutation(b, state, `permutation[${group}]`);
      after.push(state[0]!);
    }
    const last = TOPIC_COUNTS.map((n): Product => [1n, count[n]!, after[groupsOf(n) - 1]!]);
    return combine(b, last, [], 0n, "head");
  });
}
