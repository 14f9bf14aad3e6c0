/**
 * Calls of precompiled contracts (yellow paper, appendix E; EIP-152): ecrecover, SHA-256, RIPEMD-160, identity, modexp,
 * BLAKE2 F.
 *
 * Proves: what `end` gives for a frame: the gas of the call, whether the contract refuses its input, and, where `answers` is 1, that
 *   the first `outputLength` bytes of the frame's memory are its output.
 * Assumes: the pools prove what their jobs say (the caller checks the claims of ecrecover after the challenge); memory of the frame is
 *   its own and as yet untouched; the end's row and the next are the frame's.
 * Enforces: PC-1 one kind, by the contract's number; PC-2 the gas by words, rounds or constant; PC-3 the input is what a message or a
 *   copy reads, with zeros after its length; PC-4 a job of the pool has that input, and its output is written; PC-5 as many
 *   calls are active as ends asked.
 * Sound because: an end's key holds all it gives and takes, with its row, so each active call is asked by one end (PC-5), and its
 *   accesses are at times of that end's rows.
 * Parameters: modexp as modexpCall.ts.
 * Cost: an end 35 gates; a call as precompileCall.ts.
 */
import { mul } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { type DeferredRom, deferredKeyRom } from "../../../builder/deferredRom.ts";
import { type Key, keyIf, layFields, pack } from "../../../builder/pack.ts";
import { assertBits, promiseBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { PrecompileEntry } from "../../../../protocol/evm/plan/frames/precompilePlan.ts";
import type { EndRow, FrameMemory, PrecompileEnd } from "./frameEnd.ts";
import { CALL_FIELDS, type CallFields, precompileCall } from "./precompileCall.ts";
import type { PrecompileServices } from "./precompileMemory.ts";
import { type PrecompilePools, precompileTables } from "./precompileTables.ts";

export class PrecompileCalls {
  readonly #b: Builder;
  readonly #keys: DeferredRom<Key>;
  readonly #asked: Term[] = [];
  readonly #places: ReadonlyMap<number, number>;
  readonly #entries: readonly PrecompileEntry[];
  readonly #count: number;

  constructor(b: Builder, count: number, entries: () => readonly PrecompileEntry[]) {
    this.#b = b;
    this.#count = count;
    this.#entries = b.compute(entries) ?? [];
    this.#places = new Map(this.#entries.map(({ t }, i) => [t, i + 1]));
    this.#keys = deferredKeyRom(b, count + 1, () => 0n, "precompiles.keys");
    this.#keys.define(b, 0, pack(b, [], "precompiles.null"));
  }

  /** What the end of a frame gets. `number`: of the contract. */
  end(
    input: { readonly number: Wire; readonly start: Wire; readonly length: Wire },
    memory: FrameMemory,
    row: EndRow,
  ): PrecompileEnd {
    const b = this.#b;
    const isCall = row.is.PRECOMPILE;
    const place = (): number =>
      b.value(isCall) === 1n ? (this.#places.get(Number(b.value(row.t))) ?? 0) : 0;
    const given = (field: "gas" | "fails" | "outputLength" | "answers"): Wire =>
      witnessBits(b, CALL_FIELDS[field], `precompile.${field}`, () =>
        BigInt(this.#entries[place() - 1]?.[field] ?? 0),
      );
    const [gas, fails, outputLength, answers] = [given("gas"), given("fails"), given("outputLength"), given("answers")]; // prettier-ignore
    const number = promiseBits(b, b.range(mul(b, isCall, input.number, "precompile.number"), 4, "precompile.number"), 4, "precompile.number"); // prettier-ignore
    const fields = { t: row.t, number, inputStart: input.start, inputLength: input.length, memoryBase: memory.base, memoryLimit: memory.limit, gas, fails, outputLength, answers }; // prettier-ignore
    const key = keyIf(b, isCall, keyOf(b, fields, b.one, "precompile.key"), "precompile.question");
    const at = witnessBits(b, 14, "precompile.place", () => BigInt(place()));
    this.#keys.assertAt(b, at, key, "precompile.isCall");
    this.#asked.push([1n, isCall]);
    const own = (wire: Wire, name: string): Wire => mul(b, isCall, wire, name);
    return {
      cost: own(gas, "precompile.cost"),
      fails: assertBits(b, own(fails, "precompile.refuses"), 1, "precompile.refuses"),
      answers: promiseBits(b, answers, 1, "precompile.answers"),
      outputLength,
    };
  }

  /** The calls, after the last end. */
  close(services: PrecompileServices, pools: PrecompilePools): void {
    const b = this.#b;
    const tables = precompileTables(b, pools);
    const active: Term[] = [];
    for (let i = 0; i < this.#count; i++)
      b.scope(`precompileCall[${i}]`, () => {
        const call = precompileCall(b, services, tables, () => this.#entries[i]);
        this.#keys.define(b, i + 1, keyOf(b, call.fields, call.active, "key"));
        active.push([-1n, call.active]);
      });
    b.assertZero([], [...this.#asked, ...active], 0n, "precompileCalls.eachAsked");
    this.#keys.close();
  }
}

function keyOf(b: Builder, fields: CallFields, active: Bool, name: string): Key {
  const names = Object.keys(CALL_FIELDS) as (keyof CallFields)[];
  const list = names.map((field) => ({ wire: fields[field], bits: CALL_FIELDS[field] }));
  return pack(b, layFields([...list, { wire: active, bits: 1 }]), name);
}
