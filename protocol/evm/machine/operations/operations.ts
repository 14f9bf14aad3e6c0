import { OPCODES } from "../../opcodes.ts";
import type { Execute, Operation } from "../operation.ts";
import * as accounts from "./accounts.ts";
import * as arithmetic from "./arithmetic.ts";
import * as bitwise from "./bitwise.ts";
import { call, callcode, delegatecall, staticcall } from "./calls.ts";
import * as copies from "./copies.ts";
import { create1, create2 } from "./creates.ts";
import * as environment from "./environment.ts";
import * as flow from "./flow.ts";
import { returns, reverts, selfdestruct, stop } from "./halts.ts";
import { keccak256 } from "./hashing.ts";
import { logOf } from "./logs.ts";
import * as memory from "./memory.ts";
import * as storage from "./storage.ts";

/** By name, in lower case; families (PUSHn, DUPn, SWAPn, LOGn) apart. */
const EXECUTE: Readonly<Record<string, Execute>> = {
  ...arithmetic,
  ...bitwise,
  ...environment,
  ...copies,
  ...memory,
  ...storage,
  balance: accounts.balance,
  extcodesize: accounts.extcodesize,
  extcodecopy: accounts.extcodecopy,
  extcodehash: accounts.extcodehash,
  keccak256,
  stop,
  pop: flow.pop,
  jump: flow.jump,
  jumpi: flow.jumpi,
  jumpdest: flow.jumpdest,
  pc: flow.pc,
  gas: flow.gas,
  push0: flow.push0,
  create: create1,
  create2,
  call,
  callcode,
  delegatecall,
  staticcall,
  return: returns,
  revert: reverts,
  selfdestruct,
};

const FAMILIES: Readonly<Record<string, (n: number) => Execute>> = {
  push: flow.pushOf,
  dup: flow.dupOf,
  swap: flow.swapOf,
  log: logOf,
};

function executeOf(name: string): Execute {
  const single = EXECUTE[name];
  if (single !== undefined) return single;
  const [, family, n] = /^([a-z]+)(\d+)$/.exec(name) ?? [];
  return (FAMILIES[family ?? ""] as (n: number) => Execute)(Number(n));
}

/** By opcode; undefined: no instruction. */
export const OPERATIONS: readonly (Operation | undefined)[] = OPCODES.map(
  (opcode) =>
    opcode && {
      pops: opcode.pops,
      pushes: opcode.pushes,
      gas: BigInt(opcode.gas),
      execute: executeOf(opcode.name.toLowerCase()),
    },
);
