/**
 * ADDRESS, ORIGIN, CALLER, CALLVALUE, CALLDATASIZE, CODESIZE, GASPRICE, COINBASE, TIMESTAMP, NUMBER, GASLIMIT, CHAINID, BASEFEE,
 * BLOBBASEFEE and PC: one entry a frame, however often it asks (PC one a place in the code).
 *
 * Proves: z of an entry's key (op, f, and pc for PC) answers the opcode in frame f.
 * Assumes: the frame's columns; the tables of transactions and blocks.
 * Enforces: EN-1 one kind; EN-2 of ADDRESS, CALLER, CALLVALUE, ORIGIN and BLOBBASEFEE z is the id; EN-3 of all others the word
 *   with id z is the number.
 * Sound because: the sender is the caller of the transaction's own frame, whose number is the transaction's. Halves of words are
 *   below 2^128, and so is every number but an address, whose word is written uniquely by its bits.
 * Cost: 118 gates.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder, Product, Term } from "../../../builder/builder.ts";
import { mul } from "../../../builder/arithmetic.ts";
import { assertBits, constantBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { EnvironmentEntry } from "../../../../protocol/evm/plan/execution/environmentOps.ts";
import type { ChainWires } from "../chainStatement.ts";
import type { ExecutionServices } from "./services.ts";
import { wordOfAddress } from "./services.ts";
import type { TransactionTables } from "./transactionTables.ts";

const BY_ID = ["ADDRESS", "CALLER", "CALLVALUE", "ORIGIN", "BLOBBASEFEE"] as const;
const BY_VALUE = ["CALLDATASIZE", "CODESIZE", "GASPRICE", "COINBASE", "TIMESTAMP", "NUMBER", "GASLIMIT", "CHAINID", "BASEFEE", "PC"] as const; // prettier-ignore
type ById = (typeof BY_ID)[number];
type ByValue = (typeof BY_VALUE)[number];

export interface EnvironmentServices extends Pick<ExecutionServices, "facts" | "frames" | "capacities"> {
  readonly chain: ChainWires;
  readonly transactions: TransactionTables;
}

export function environmentChip(
  b: Builder,
  services: EnvironmentServices,
  entry: (i: number) => EnvironmentEntry | undefined,
): void {
  for (let i = 0; i < services.capacities.environment; i++)
    b.scope(`environment[${i}]`, () => environment(b, services, i, () => entry(i)));
}

function environment(
  b: Builder,
  services: EnvironmentServices,
  i: number,
  entry: () => EnvironmentEntry | undefined,
): void {
  const { facts } = services;
  const is = Object.fromEntries(
    [...BY_ID, ...BY_VALUE].map((name) => [
      name,
      witnessBool(b, `is${name}`, () => entry()?.fact.op === OPCODE[name]),
    ]),
  ) as Record<ById | ByValue, Bool>;
  const kinds = Object.entries(is);
  const active = assertBits(
    b,
    sum(
      b,
      kinds.map(([, bit]): Term => [1n, bit]),
      0n,
      "active",
    ),
    1,
    "kind.one",
  ); // EN-1
  const field = (name: "f" | "pc" | "z"): Wire =>
    witnessBits(b, FACT_FIELDS[name].bits, name, () => BigInt(entry()?.fact[name] ?? 0));
  const [f, place, z] = [field("f"), field("pc"), field("z")];
  const pc = assertBits(b, mul(b, is.PC, place, "pc.own"), FACT_FIELDS.pc.bits, "pc.own");
  const { ids, numbers } = answers(b, services, f, pc);
  const byId = BY_ID.flatMap((name): Product[] => [[1n, is[name], ids[name]], [-1n, is[name], z]]); // prettier-ignore
  b.assertZero(byId, [], 0n, "id.isAnswer"); // EN-2
  const word = facts.word(z, "word");
  const lo = BY_VALUE.flatMap((name): Product[] => [[1n, is[name], numbers[name].lo], [-1n, is[name], word.lo]]); // prettier-ignore
  b.assertZero(lo, [], 0n, "number.isLo"); // EN-3
  const hi = BY_VALUE.map((name): Product => [1n, is[name], word.hi]);
  b.assertZero([...hi, [-1n, is.COINBASE, numbers.COINBASE.hi]], [], 0n, "number.isHi");
  const op = sum(b, kinds.map(([name, bit]): Term => [BigInt(OPCODE[name]!), bit]), 0n, "op"); // prettier-ignore
  facts.defineKey("environment", i, active, { op, z, f, pc }, "key");
}

interface Answers {
  readonly ids: Readonly<Record<ById, Wire>>;
  /** Only an address has a high half. */
  readonly numbers: Readonly<Record<ByValue, { readonly lo: Wire; readonly hi: Wire }>>;
}

function answers(
  b: Builder,
  { frames, chain, transactions }: EnvironmentServices,
  f: Wire,
  pc: Wire,
): Answers {
  const own = (
    column: "address" | "caller" | "value" | "inputLength" | "codeSize" | "codeBase" | "transaction",
  ): Wire => frames.read(column, f, column);
  const number = own("transaction");
  const of = (table: keyof TransactionTables): Wire => transactions[table].read(b, number, table);
  const small = (lo: Wire): { lo: Wire; hi: Wire } => ({ lo, hi: b.zero });
  return {
    ids: {
      ADDRESS: own("address"),
      CALLER: own("caller"),
      CALLVALUE: own("value"),
      ORIGIN: frames.read("caller", number, "origin"),
      BLOBBASEFEE: constantBits(b, FACT_FIELDS.z.bits, 1n),
    },
    numbers: {
      CALLDATASIZE: small(own("inputLength")),
      CODESIZE: small(own("codeSize")),
      GASPRICE: small(of("gasPrice")),
      COINBASE: wordOfAddress(b, of("feeRecipient"), "coinbase"),
      TIMESTAMP: small(of("timestamp")),
      NUMBER: small(of("number")),
      GASLIMIT: small(chain.gasLimit),
      CHAINID: small(chain.chainId),
      BASEFEE: small(of("baseFee")),
      PC: small(sum(b, [[1n, pc], [-1n, own("codeBase")]], 0n, "offset")), // prettier-ignore
    },
  };
}
