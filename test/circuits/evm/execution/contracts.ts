/** Small contracts, each asking for one thing. */
import { parseAddress } from "../../../../protocol/address.ts";
import { addressOf, assemble, type Genesis, nobody } from "./demoChain.ts";

export const CONTRACT = parseAddress("0x00000000000000000000000000000000c0de0001");

/** The contract alone, with values in its slots 0, 1, ... */
export const contractsOf = (code: Uint8Array, values: readonly bigint[] = []): Genesis => ({
  contracts: { [CONTRACT]: code },
  slots: values.map((value, slot) => ({ address: CONTRACT, slot: BigInt(slot), value })),
});

const asked = (...names: string[]): (string | number)[] => names.flatMap((name) => [name, "POP"]);
const push20 = (address: string): number[] => [0x73, ...Buffer.from(address.slice(2), "hex")];
const push = (value: number): number[] => [0x61, value >> 8, value & 255];

/** Every opcode of the environment; the sum of PCs goes to slot 0. */
export const ENVIRONMENT_PROBE = assemble(
  ...asked(
    "ADDRESS",
    "ORIGIN",
    "CALLER",
    "CALLVALUE",
    "CALLDATASIZE",
    "CODESIZE",
    "GASPRICE",
    "COINBASE",
    "TIMESTAMP",
  ),
  ...asked("NUMBER", "GASLIMIT", "CHAINID", "BASEFEE", "BLOBBASEFEE", "PREVRANDAO", "PC", "PC"),
  "NUMBER",
  "PUSH0",
  "SSTORE",
  "ADDRESS",
  ...push(1),
  "SSTORE",
  "GASPRICE",
  ...push(2),
  "SSTORE",
  "STOP",
);

/** Balances, code sizes and hashes of itself, a wallet, a precompile and nobody. */
export const ACCOUNT_PROBE = assemble(
  ...asked("SELFBALANCE"),
  "ADDRESS",
  "EXTCODEHASH",
  "PUSH0",
  "SSTORE", // prettier-ignore
  "ADDRESS",
  "EXTCODESIZE",
  "POP", // prettier-ignore
  ...push20(addressOf(1)),
  "BALANCE",
  ...push(1),
  "SSTORE", // prettier-ignore
  ...push20(addressOf(1)),
  "EXTCODEHASH",
  ...push(2),
  "SSTORE", // prettier-ignore
  ...push20(nobody(0)),
  "EXTCODEHASH",
  ...push(3),
  "SSTORE", // prettier-ignore
  ...push20(nobody(0)),
  "BALANCE",
  "POP", // prettier-ignore
  ...push(4),
  "BALANCE",
  "POP", // prettier-ignore
  "STOP",
);

/** BLOCKHASH of the block itself, its parent, one before the chunk, an old one, a huge number; GAS twice. */
export const ANSWER_PROBE = assemble(
  ...asked("GAS", "GAS"),
  ...push(9),
  "BLOCKHASH",
  "POP", // prettier-ignore
  ...push(8),
  "BLOCKHASH",
  "PUSH0",
  "SSTORE", // prettier-ignore
  ...push(7),
  "BLOCKHASH",
  ...push(1),
  "SSTORE", // prettier-ignore
  ...push(5_000),
  "BLOCKHASH",
  "POP", // prettier-ignore
  "PUSH0",
  "NOT",
  "BLOCKHASH",
  "POP", // prettier-ignore
  "STOP",
);

/** Keeps the hash of block 4. */
export const ANCESTOR_PROBE = assemble(...push(4), "BLOCKHASH", "PUSH0", "SSTORE", "STOP");

/** Clears slots 0 and 1. */
export const CLEARING = assemble("PUSH0", "PUSH0", "SSTORE", "PUSH0", ...push(1), "SSTORE", "STOP");

/** Writes slot 0, then reverts; then the same with an opcode that is none. */
export const REVERTING = assemble("NUMBER", "PUSH0", "SSTORE", "PUSH0", "PUSH0", "REVERT");
export const BURNING = assemble("NUMBER", "PUSH0", "SSTORE", 0xfe);

/** Init code: deploys one STOP; reverts; destroys itself for nobody's good. */
export const DEPLOYS_STOP = assemble("PUSH0", "PUSH0", "MSTORE8", 0x60, 1, "PUSH0", "RETURN");
export const INIT_REVERTS = assemble("PUSH0", "PUSH0", "REVERT");
export const INIT_DESTROYS = assemble("NUMBER", "PUSH0", "SSTORE", ...push20(nobody(0)), "SELFDESTRUCT");

/** Calls itself's neighbour with what it was sent, and logs a hash of it. */
export const CALLEE = parseAddress("0x00000000000000000000000000000000c0de0002");
export const CALLER_PROBE = assemble(
  "PUSH0",
  "CALLDATALOAD",
  "PUSH0",
  "MSTORE", // prettier-ignore
  "PUSH0",
  "PUSH0",
  0x60,
  32,
  "PUSH0",
  0x60,
  2,
  ...push20(CALLEE),
  "GAS",
  "CALL", // prettier-ignore
  "PUSH0",
  "SSTORE", // prettier-ignore
  0x60,
  32,
  "PUSH0",
  "KECCAK256",
  0x60,
  32,
  "PUSH0",
  "LOG1", // prettier-ignore
  "PUSH0",
  "PUSH0",
  "PUSH0",
  "PUSH0",
  ...push20(nobody(0)),
  "GAS",
  "DELEGATECALL",
  "POP", // prettier-ignore
  "STOP",
);
export const CALLEE_CODE = assemble("CALLVALUE", "CALLER", "ADD", ...push(1), "SSTORE", "CALLVALUE", "PUSH0", "PUSH0", "LOG1", "STOP"); // prettier-ignore
