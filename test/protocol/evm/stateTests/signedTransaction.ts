import { SigningKey } from "ethers";
import { keccak256 } from "../../../../agents/kit/execution/keccak256.ts";
import { concatBytes } from "../../../../protocol/bytes.ts";
import { encodeBytes, encodeList, encodeUint } from "../../../../protocol/evm/machine/rlp.ts";
import {
  bytes,
  type Expectation,
  type FixtureAccessList,
  type FixtureTransaction,
  hex,
  uint,
} from "./fixture.ts";

/**
 * A fixture's transaction, signed with its key; legacy ones for their chain (EIP-155), which changes the signature alone.
 * Nothing is checked: some of these transactions are to be refused. Assumes there is a key.
 */
export function signedTransaction(
  transaction: FixtureTransaction,
  { data, gas, value }: Expectation["indexes"],
  chainId: bigint,
): Uint8Array {
  const accessList = transaction.accessLists?.[data] ?? undefined;
  const common = [
    encodeUint(uint(transaction.gasLimit[gas] as string)),
    encodeBytes(bytes(transaction.to)),
    encodeUint(uint(transaction.value[value] as string)),
    encodeBytes(bytes(transaction.data[data] as string)),
  ];
  const nonce = encodeUint(uint(transaction.nonce));
  if (transaction.maxFeePerGas !== undefined) {
    const fees = [transaction.maxPriorityFeePerGas ?? "0x0", transaction.maxFeePerGas].map((fee) =>
      encodeUint(uint(fee)),
    );
    return typed(2, [encodeUint(chainId), nonce, ...fees, ...common, encoded(accessList ?? [])], transaction);
  }
  const price = encodeUint(uint(transaction.gasPrice as string));
  return accessList
    ? typed(1, [encodeUint(chainId), nonce, price, ...common, encoded(accessList)], transaction)
    : legacy([nonce, price, ...common], chainId, transaction);
}

const encoded = (list: FixtureAccessList): Uint8Array =>
  encodeList(
    list.map(({ address, storageKeys }) =>
      encodeList([
        encodeBytes(bytes(address)),
        encodeList(storageKeys.map((key) => encodeBytes(bytes(key)))),
      ]),
    ),
  );

function typed(type: number, fields: readonly Uint8Array[], key: FixtureTransaction): Uint8Array {
  const prefix = Uint8Array.of(type);
  const { yParity, r, s } = sign(concatBytes([prefix, encodeList(fields)]), key);
  return concatBytes([prefix, encodeList([...fields, ...[BigInt(yParity), r, s].map(encodeUint)])]);
}

function legacy(fields: readonly Uint8Array[], chainId: bigint, key: FixtureTransaction): Uint8Array {
  const { yParity, r, s } = sign(encodeList([...fields, ...[chainId, 0n, 0n].map(encodeUint)]), key);
  const v = 35n + 2n * chainId + BigInt(yParity);
  return encodeList([...fields, ...[v, r, s].map(encodeUint)]);
}

function sign(message: Uint8Array, { secretKey }: FixtureTransaction) {
  const { yParity, r, s } = new SigningKey(secretKey as string).sign(hex(keccak256(message)));
  return { yParity, r: BigInt(r), s: BigInt(s) };
}
