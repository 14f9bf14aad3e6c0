/** A circuit of one pool and of lookups in it, for tests; its prover may lie. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import type { Wire, Word } from "../../../../circuits/builder/wire.ts";
import { KeccakPool } from "../../../../circuits/gadgets/keccakPool.ts";
import type { Field } from "../../../../protocol/field.ts";
import { type KeccakUse, NO_MESSAGE, planKeccakJobs } from "../../../../protocol/evm/keccakUse.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { type Gadget, buildGadget } from "../buildGadget.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";

export interface PoolOptions {
  /** What the pool holds besides what the messages need. */
  readonly spare?: Partial<KeccakUse>;
  readonly shape?: KeccakUse;
  /** By full name; the pool is `pool`, lookup i is `get[i]` of `claim[i]`. */
  readonly lies?: Readonly<Record<string, Lie>>;
  /** What is looked up, if not the commitments of the messages. */
  readonly claims?: readonly Field[];
  /** Where, if not where the plan says. */
  readonly entries?: readonly number[];
  /** The messages of the pool, if a lying planner has others. */
  readonly pooled?: readonly Uint8Array[];
}

/** What was looked up and found. */
export interface Lookup extends Word {
  readonly claim: Wire;
}

export const spared = (use: KeccakUse, spare: Partial<KeccakUse> = {}): KeccakUse => ({
  jobs: use.jobs + (spare.jobs ?? 0),
  words: use.words + (spare.words ?? 0),
  blocks: use.blocks + (spare.blocks ?? 0),
});

export function poolOf(messages: readonly Uint8Array[], options: PoolOptions = {}): Gadget<Lookup[]> {
  const lying = new LyingBuilder(options.lies ?? {});
  const built = buildGadget((b) => buildPool(b, messages, options), lying);
  const untold = Object.keys(options.lies ?? {}).filter((name) => !lying.told.has(name));
  if (untold.length > 0) throw new Error(`no wire has the name ${untold.join(", ")}`);
  return built;
}

export function buildPool(b: Builder, messages: readonly Uint8Array[], options: PoolOptions): Lookup[] {
  const plan = planKeccakJobs(messages);
  const shape = options.shape ?? spared(plan.use, options.spare);
  const pool = new KeccakPool(b, shape, () => options.pooled ?? plan.messages, "pool");
  const claims = options.claims ?? messages.map(messageCommitment);
  return claims.map((value, i) => {
    const claim = b.witness(`claim[${i}]`, () => value);
    const entry = (): number => options.entries?.[i] ?? plan.entryOf.get(value) ?? NO_MESSAGE;
    return { claim, ...pool.digest(b, claim, entry, `get[${i}]`) };
  });
}

export const keccakWord = (message: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(keccak_256(message)).toString("hex")}`);
