/**
 * What a creation's RETURN leaves as code (EIP-170, EIP-3541).
 *
 * Proves: 200 gas a byte are charged; the end fails iff the output has more than 24,576 bytes or, claimed, starts with ef; a success
 *   with output puts a code object into the account that is loaded, with the output's hash and size, and whose segment has the
 *   output's bytes, hence the commitment of that code.
 * Assumes: the frame's memory; `messages`, `digest` and the table of code objects prove what they give.
 * Enforces: an end that succeeds does not start with ef; a claim of ef is proven by the message of the output's first byte, in
 *   memory that the frame may open.
 * Cost: 130 gates.
 */
import { assertEqualIf, combine, isConstant, isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, not, or } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { CREATE_GAS, DEPOSIT_SUB, MAX_CODE, RESERVED_BYTE } from "../../../../protocol/evm/plan/frames/frameEntry.ts"; // prettier-ignore
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import type { CreateServices } from "./createStart.ts";
import type { Deposit, EndRow, FrameMemory } from "./frameEnd.ts";
import { byteAddress } from "./openFrame.ts";
import type { OpenedRange } from "./openRange.ts";

const RESERVED = messageCommitment(Uint8Array.of(Number(RESERVED_BYTE)));

export interface Creation {
  /** Number of the new account. */
  readonly account: Wire;
  /** 1 if the frame is one that makes an account. */
  readonly isCreation: Bool;
  readonly memory: FrameMemory;
  /** Planned: the output starts with ef. */
  readonly startsReserved: () => boolean;
}

export function deposit(
  b: Builder,
  services: CreateServices,
  { account, isCreation, memory, startsReserved }: Creation,
  row: EndRow,
  range: OpenedRange,
): Deposit {
  const returns = and(b, row.is.RETURN, isCreation, "deposit.returns");
  const cost = sum(b, [[CREATE_GAS.byte, mul(b, returns, range.length, "deposit.bytes")]], 0n, "deposit.cost"); // prettier-ignore
  const isLong = witnessBool(b, "deposit.isLong", () => b.value(returns) === 1n && b.value(range.length) > MAX_CODE); // prettier-ignore
  const over = sum(b, [[1n, range.length]], -MAX_CODE - 1n, "deposit.over"); // prettier-ignore
  const margin = combine(b, [[1n, isLong, over], [-1n, returns, over], [1n, isLong, over]], [[-1n, returns], [1n, isLong]], 0n, "deposit.margin"); // prettier-ignore
  assertBits(b, margin, 24, "deposit.isLong.isProven");
  assertImplies(b, isLong, returns, "deposit.isLong.ofCode");
  const isEmpty = isZero(b, range.length, "deposit.isEmpty");
  const isReserved = witnessBool(b, "deposit.isReserved", startsReserved);
  assertImplies(b, isReserved, returns, "deposit.isReserved.ofCode");
  b.assertZero([[1n, isReserved, isEmpty]], [], 0n, "deposit.isReserved.ofSome"); // prettier-ignore
  const settle = (success: Bool): void => {
    const succeeds = and(b, success, returns, "deposit.succeeds");
    const stores = and(b, succeeds, not(b, isEmpty, "deposit.isSome"), "deposit.stores");
    store(b, services, { row, range, memory, account, stores, isReserved });
  };
  return { cost, fails: or(b, isLong, isReserved, "deposit.fails"), readsMemory: isReserved, settle };
}

interface Stored {
  readonly row: EndRow;
  readonly range: OpenedRange;
  readonly memory: FrameMemory;
  readonly account: Wire;
  readonly stores: Bool;
  readonly isReserved: Bool;
}

function store(
  b: Builder,
  services: CreateServices,
  { row, range, memory, account, stores, isReserved }: Stored,
): void {
  const { state, codes, messages, digest, symbols } = services;
  const asks = assertBits(b, sum(b, [[1n, stores], [1n, isReserved]], 0n, "deposit.asks"), 1, "deposit.asks"); // prettier-ignore
  const length = combine(b, [[1n, stores, range.length]], [[1n, isReserved]], 0n, "deposit.length");
  const question = {
    t: row.t,
    sub: Sub.READ,
    start: byteAddress(b, memory.base, range.offset, "deposit.start"),
    length: assertBits(b, length, 24, "deposit.length.size"),
  };
  const { commitment, position: base } = messages.code(question, "deposit.message", asks);
  assertEqualIf(b, isReserved, commitment, b.constant(RESERVED), "deposit.isReserved.isProven");
  const first = symbols.read(b, assertBits(b, mul(b, stores, base, "deposit.base"), 20, "deposit.base"), "deposit.first"); // prettier-ignore
  b.assertZero([[1n, stores, isConstant(b, first, RESERVED_BYTE, "deposit.startsWithEf")]], [], 0n, "deposit.isNotReserved"); // prettier-ignore
  const time = timeOf(b, row.t, DEPOSIT_SUB, "deposit.time");
  const object = assertBits(b, state.foretellAfter(time, "deposit.object", stores), 14, "deposit.object");
  const before = state.foretell(time, "deposit.before", stores);
  state.change(time, cellOfAccount(b, account, "code", "deposit.cell"), "chain", { before, after: object }, "deposit", stores); // prettier-ignore
  const hashed = digest(mul(b, stores, commitment, "deposit.hashed"), "deposit.hash", stores);
  const held = codes.hash(object, "deposit.held");
  assertEqualIf(b, stores, held.hi, hashed.hi, "deposit.hash.hi");
  assertEqualIf(b, stores, held.lo, hashed.lo, "deposit.hash.lo");
  assertEqualIf(b, stores, codes.size(object, "deposit.size"), range.length, "deposit.isSize");
  assertEqualIf(b, stores, codes.base(object, "deposit.place"), base, "deposit.isSegment");
  assertEqualIf(b, stores, codes.isLoaded(object, "deposit.isLoaded"), b.one, "deposit.isLoadedObject");
}
