/**
 * BALANCE, SELFBALANCE, EXTCODESIZE and EXTCODEHASH.
 *
 * Proves: z of an entry's key is the id of the account's balance, code size or code hash at that row, y the gas of the access
 *   (EIP-2929); the account is the frame's own or that of the low 160 bits of word a.
 * Assumes: the state bus, the table of accounts, code objects, the frame's columns.
 * Enforces: AO-1 one kind; AO-2 all but SELFBALANCE warm the account and pay; AO-3 the balance's id; AO-4 the size of the code
 *   object; AO-5 its hash, 0 of a dead account (EIP-1052, EIP-161).
 * Sound because: object 0 has size 0 and the hash of nothing; an account is dead iff code is object 0 and both words are 0.
 * Cost: 145 gates.
 */
import { combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { AccountOpEntry } from "../../../../protocol/evm/plan/execution/accountOps.ts";
import { ACCOUNT_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import { witnessQuestion } from "../timed.ts";
import { accessGas } from "./accountAccess.ts";
import type { ExecutionServices } from "./services.ts";

const KINDS = ["BALANCE", "SELFBALANCE", "EXTCODESIZE", "EXTCODEHASH"] as const;
type Kind = Record<(typeof KINDS)[number], Bool>;

export function accountOpChip(
  b: Builder,
  services: ExecutionServices,
  entry: (i: number) => AccountOpEntry | undefined,
): void {
  for (let i = 0; i < services.capacities.accountOps; i++)
    b.scope(`accountOp[${i}]`, () => accountOp(b, services, i, () => entry(i)));
}

function accountOp(
  b: Builder,
  services: ExecutionServices,
  i: number,
  entry: () => AccountOpEntry | undefined,
): void {
  const { facts, frames, accounts } = services;
  const is = Object.fromEntries(
    KINDS.map((name) => [name, witnessBool(b, `is${name}`, () => entry()?.fact.op === OPCODE[name])]),
  ) as Kind;
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
  ); // AO-1
  const q = witnessQuestion(b, () => entry()?.fact);
  const z = witnessBits(b, FACT_FIELDS.z.bits, "z", () => BigInt(entry()?.fact.z ?? 0));
  const self = frames.read("address", q.f, "self");
  const address = facts.word(mux(b, is.SELFBALANCE, self, q.a, "address.id"), "address.word");
  const account = accounts.find(addressOfWord(b, address, "address"), "account", active);
  const pays = and(b, active, not(b, is.SELFBALANCE, "isOther"), "pays");
  const y = accessGas(b, services, { t: q.t, account, condition: pays }, "access"); // AO-2
  assertAnswer(b, services, { is, t: q.t, account, z });
  const op = sum(b, kinds.map(([name, bit]): Term => [BigInt(OPCODE[name]!), bit]), 0n, "op"); // prettier-ignore
  // SELFBALANCE has no operands: the row asks with zeros.
  const own = (wire: Wire, name: string): Wire => mul(b, pays, wire, name);
  facts.defineTimedKey("accountOps", i, active, { op, ...q, a: own(q.a, "a.own"), b: own(q.b, "b.own"), z, y }, "key"); // prettier-ignore
}

type Asked = { readonly is: Kind; readonly t: Wire; readonly account: Wire; readonly z: Wire };

function assertAnswer(
  b: Builder,
  { facts, state, objects }: ExecutionServices,
  { is, t, account, z }: Asked,
): void {
  const { BALANCE, SELFBALANCE, EXTCODESIZE, EXTCODEHASH } = is;
  const get = (cell: "balance" | "code" | "nonce", condition: Bool): Wire => {
    const time = timeOf(b, t, ACCOUNT_SUB[cell], `${cell}.time`);
    return state.get(time, cellOfAccount(b, account, cell, `${cell}.cell`), "chain", cell, condition);
  };
  const asBool = (terms: readonly Term[], name: string): Bool =>
    assertBits(b, sum(b, terms, 0n, name), 1, name);
  const asksBalance = asBool([[1n, BALANCE], [1n, SELFBALANCE]], "asksBalance"); // prettier-ignore
  const balance = get("balance", asBool([[1n, asksBalance], [1n, EXTCODEHASH]], "readsBalance")); // prettier-ignore
  const asksCode = asBool([[1n, EXTCODESIZE], [1n, EXTCODEHASH]], "asksCode"); // prettier-ignore
  const code = get("code", asksCode);
  const nonce = get("nonce", EXTCODEHASH);
  b.assertZero(
    [
      [1n, asksBalance, balance],
      [-1n, asksBalance, z],
    ],
    [],
    0n,
    "balance.isAnswer",
  ); // AO-3
  const isAlive = not(
    b,
    isDead(b, facts.word(balance, "balance.word"), facts.word(nonce, "nonce.word"), code),
    "isAlive",
  );
  const word = facts.word(z, "word");
  const hash = objects.hash(code, "hash");
  const hasHash = and(b, EXTCODEHASH, isAlive, "hasHash");
  const size = objects.size(code, "size");
  // AO-4, AO-5
  const lo = combine(b, [[1n, EXTCODESIZE, size], [1n, hasHash, hash.lo]], [], 0n, "lo"); // prettier-ignore
  b.assertZero([[1n, asksCode, word.lo]], [[-1n, lo]], 0n, "code.isLo"); // prettier-ignore
  b.assertZero([[1n, asksCode, word.hi], [-1n, hasHash, hash.hi]], [], 0n, "code.isHi"); // prettier-ignore
}

/** Halves are below 2^128 and the number below 2^20, so a sum of 0 means that all are. */
const isDead = (b: Builder, balance: Word, nonce: Word, code: Wire): Bool =>
  isZero(b, sum(b, [[1n, balance.lo], [1n, balance.hi], [1n, nonce.lo], [1n, nonce.hi], [1n, code]], 0n, "dead.sum"), "isDead"); // prettier-ignore
