/** What cases have met: opcodes that were carried out, ends of frames, kinds of transactions. */
import type { BlockTrace, FrameEnd } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODES } from "../../../../protocol/evm/opcodes.ts";

/** CALL_DEPTH is not among them: no gas of a block leads there (frames/deepCalls.test.ts). */
const ENDS: readonly FrameEnd[] = [
  "STOP",
  "RETURN",
  "REVERT",
  "SELFDESTRUCT",
  "OUT_OF_GAS",
  "STACK_UNDERFLOW",
  "STACK_OVERFLOW",
  "INVALID_JUMP",
  "INVALID_OPCODE",
  "STATIC_VIOLATION",
  "RETURN_DATA_OUT_OF_BOUNDS",
  "INIT_CODE_TOO_LARGE",
  "INSUFFICIENT_BALANCE",
  "NONCE_OVERFLOW",
  "CREATE_COLLISION",
  "CODE_TOO_LARGE",
  "CODE_STARTS_WITH_EF",
  "CODE_DEPOSIT_OUT_OF_GAS",
  "PRECOMPILE_FAILED",
];
/** Opcodes that can never be carried out. */
const NEVER = new Set(["INVALID"]);

export class Coverage {
  readonly #met = new Map<string, number>();

  add(traces: readonly BlockTrace[]): void {
    for (const { transactions, frames, steps } of traces) {
      for (const { transaction } of transactions) this.#meet(`type ${transaction.type}`);
      for (const { outcome, precompile } of frames) {
        this.#meet(`end ${outcome.reason}`);
        if (precompile !== undefined) this.#meet(`precompile ${precompile} ${outcome.success}`);
      }
      for (const { opcode, halt } of steps) {
        const isDone = halt === undefined || ["STOP", "RETURN", "REVERT", "SELFDESTRUCT"].includes(halt);
        this.#meet(
          isDone ? `opcode ${OPCODES[opcode]?.name}` : `${halt} ${OPCODES[opcode]?.name ?? "undefined"}`,
        );
      }
    }
  }

  count(what: string): number {
    return this.#met.get(what) ?? 0;
  }

  /** How often what happened, of everything. */
  all(): ReadonlyMap<string, number> {
    return new Map([...this.#met].sort());
  }

  /** What has to be met and was not. `precompiles`: those there are. */
  missed(precompiles: readonly number[]): string[] {
    return Object.values(required(precompiles)).flatMap((names) => names.filter((name) => !this.#met.has(name))); // prettier-ignore
  }

  /** A line for each kind: how many of its members were met, and those that were met least. */
  table(precompiles: readonly number[]): string {
    const lines = Object.entries(required(precompiles)).map(([kind, names]) => {
      const met = names.filter((name) => this.#met.has(name));
      const rare = names.toSorted((a, b) => this.count(a) - this.count(b)).slice(0, SHOWN);
      const counts = rare.map((name) => `${name.slice(name.indexOf(" ") + 1)} ${this.count(name)}`);
      return `  ${kind.padEnd(12)} ${`${met.length}/${names.length}`.padStart(8)}   least: ${counts.join(", ")}`;
    });
    return lines.join("\n");
  }

  #meet(what: string): void {
    this.#met.set(what, (this.#met.get(what) ?? 0) + 1);
  }
}

/** Members of a kind that the table shows. */
const SHOWN = 5;

/** Everything that has to be met, by kind; each name begins with a word for the kind. */
function required(precompiles: readonly number[]): Readonly<Record<string, readonly string[]>> {
  const opcodes = OPCODES.flatMap((opcode) =>
    opcode && !NEVER.has(opcode.name) ? [`opcode ${opcode.name}`] : [],
  );
  return {
    opcodes,
    ends: ENDS.map((end) => `end ${end}`),
    types: [0, 1, 2].map((type) => `type ${type}`),
    precompiles: precompiles.map((precompile) => `precompile ${precompile} true`),
  };
}
