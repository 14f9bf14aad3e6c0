import type { StateEffects } from "../../../protocol/evm/machine/trace.ts";
import { addressText } from "../../../protocol/evm/machine/transactionError.ts";
import { bigIntToBytes, bytesToBigInt, type Hex, toHex } from "../hex.ts";
import { EMPTY_ACCOUNT } from "./accountState.ts";
import type { ChangeSet } from "./stateReader.ts";

/** The account or slot of which two executions of a transaction say different things. Undefined: there is none. */
export function disputedPart(effects: StateEffects, changes: ChangeSet): string | undefined {
  const [ours, theirs] = [linesOfEffects(effects), linesOfChanges(changes)];
  for (const [key, value] of [...ours, ...theirs])
    if (ours.get(key) !== value || theirs.get(key) !== value) return key;
  return undefined;
}

type Lines = Map<string, string>;

const accountLine = (nonce: bigint, balance: bigint, codeHash: Hex): string =>
  `${nonce} ${balance} ${codeHash}`;

function linesOfEffects({ accounts, slots }: StateEffects): Lines {
  const lines: Lines = new Map();
  for (const [address, { nonce, balance, codeHash }] of accounts)
    lines.set(addressText(address), accountLine(nonce, balance, toHex(bigIntToBytes(codeHash, 32))));
  for (const [address, values] of slots)
    for (const [slot, value] of values)
      lines.set(`${addressText(address)} ${toHex(bigIntToBytes(slot, 32))}`, String(value));
  return lines;
}

function linesOfChanges({ accounts, storage }: ChangeSet): Lines {
  const lines: Lines = new Map();
  for (const [address, after] of accounts) {
    const { nonce, balance, codeHash } = after ?? EMPTY_ACCOUNT;
    lines.set(address, accountLine(nonce, balance, toHex(codeHash)));
  }
  for (const [address, values] of storage)
    for (const [slot, value] of values) lines.set(`${address} ${slot}`, String(bytesToBigInt(value)));
  return lines;
}
