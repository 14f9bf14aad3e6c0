import { z } from "zod";
import { GENESIS_BASE_FEE, MIN_GAS_LIMIT } from "../../../protocol/constants.ts";
import { StackError } from "../../../protocol/errors.ts";
import { fromHex, isHex, type Hex } from "../hex.ts";
import { EMPTY_ACCOUNT, isEmptyAccount, type AccountState } from "./accountState.ts";
import { keccak256 } from "./keccak256.ts";
import { programNames, programs, type ProgramName } from "./programs.ts";
import type { ChangeSet } from "./stateReader.ts";

export type GenesisError =
  | { code: "GENESIS_INVALID"; issues: string[] }
  /** I-EXECUTION-04: only an account that can never be created anew may have storage. */
  | { code: "GENESIS_STORAGE_WITHOUT_CODE"; address: Hex }
  /** The chain's program proves no code. */
  | { code: "GENESIS_CODE_NOT_PROVABLE"; address: Hex; program: string };

const hexBytes = z.string().refine((text) => isHex(text), "0x and whole bytes");
const address = z.string().refine((text) => isHex(text, 20), "0x and 20 bytes");
const word = z.string().refine((text) => isHex(text, 32), "0x and 32 bytes");
const quantity = z
  .union([z.string().regex(/^(0x[0-9a-fA-F]+|[0-9]+)$/), z.int().nonnegative()])
  .transform((value) => BigInt(value));

const schema = z.strictObject({
  chainId: quantity.refine((id) => id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER)),
  program: z.enum(programNames),
  /** Seconds since the Unix epoch. */
  timestamp: quantity,
  gasLimit: quantity.refine((gas) => gas >= MIN_GAS_LIMIT && gas < 1n << 63n),
  alloc: z.record(
    address,
    z.strictObject({
      balance: quantity.default(0n),
      nonce: quantity.optional(),
      code: hexBytes.optional(),
      storage: z.record(word, word).default({}),
    }),
  ),
});

/** How a genesis is written as JSON; amounts as decimal or 0x text. */
export type GenesisFile = z.input<typeof schema>;

/** The first block and state of a chain: with the protocol, all of its rules. */
export interface Genesis {
  readonly chainId: bigint;
  /** "none", or the program that proves the chain. */
  readonly program: ProgramName;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  /** Wei. The same for every chain. */
  readonly baseFeePerGas: bigint;
  /** The allocation as one system operation. */
  readonly state: ChangeSet;
}

/** @throws StackError a `GenesisError` */
export function parseGenesis(file: unknown): Genesis {
  const parsed = schema.safeParse(file);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new StackError<GenesisError>({ code: "GENESIS_INVALID", issues }, "fatal");
  }
  const { alloc, ...chain } = parsed.data;
  const state = allocate(alloc);
  for (const [address, account] of state.accounts)
    if (account && account.codeSize > 0 && !programs[chain.program].hasCode)
      throw new StackError<GenesisError>(
        { code: "GENESIS_CODE_NOT_PROVABLE", address, program: chain.program },
        "fatal",
      );
  return { ...chain, baseFeePerGas: GENESIS_BASE_FEE, state };
}

function allocate(alloc: z.output<typeof schema>["alloc"]): ChangeSet {
  const accounts = new Map<Hex, AccountState>();
  const storage = new Map<Hex, Map<Hex, Uint8Array>>();
  const codes = new Map<Hex, Uint8Array>();
  for (const [text, { balance, nonce, code = "0x", storage: slots }] of Object.entries(alloc)) {
    const owner = text.toLowerCase() as Hex;
    const bytes = fromHex(code as Hex);
    // A contract's own nonce starts at 1 (EIP-161).
    const start = nonce ?? (bytes.length > 0 ? 1n : 0n);
    const codeHash = bytes.length > 0 ? keccak256(bytes) : EMPTY_ACCOUNT.codeHash;
    const account = { nonce: start, balance, codeHash, codeSize: bytes.length };
    const written = nonZeroSlots(slots as Record<Hex, Hex>);
    if (written.size > 0 && start === 0n)
      throw new StackError<GenesisError>({ code: "GENESIS_STORAGE_WITHOUT_CODE", address: owner }, "fatal");
    if (!isEmptyAccount(account)) accounts.set(owner, account);
    if (written.size > 0) storage.set(owner, written);
    if (bytes.length > 0) codes.set(`0x${Buffer.from(codeHash).toString("hex")}`, bytes);
  }
  return { accounts, storage, codes };
}

function nonZeroSlots(slots: Record<Hex, Hex>): Map<Hex, Uint8Array> {
  const entries = Object.entries(slots).map(([slot, value]): [Hex, Uint8Array] => [
    slot.toLowerCase() as Hex,
    fromHex(`0x${value.slice(2).replace(/^(00)+/, "")}`),
  ]);
  return new Map(entries.filter(([, value]) => value.length > 0));
}
