/**
 * State tests as Ethereum publishes them (ethereum/tests, GeneralStateTests; execution-spec-tests, state_test): one transaction,
 * several values of its data, gas limit and value, and for each combination the hash of the state that it leaves.
 */
export type FixtureAccount = {
  readonly balance: string;
  readonly nonce: string;
  readonly code: string;
  readonly storage: Readonly<Record<string, string>>;
};

/** By address. */
export type FixtureState = Readonly<Record<string, FixtureAccount>>;

export type FixtureEnvironment = {
  readonly currentCoinbase: string;
  readonly currentNumber: string;
  readonly currentTimestamp: string;
  readonly currentGasLimit: string;
  readonly currentBaseFee?: string;
  readonly currentRandom?: string;
  readonly currentExcessBlobGas?: string;
  readonly blockHashes?: Readonly<Record<string, string>>;
};

export type FixtureAccessList = readonly {
  readonly address: string;
  readonly storageKeys: readonly string[];
}[];

export type FixtureTransaction = {
  readonly data: readonly string[];
  readonly gasLimit: readonly string[];
  readonly value: readonly string[];
  /** Of each data; null: a legacy transaction. */
  readonly accessLists?: readonly (FixtureAccessList | null)[];
  readonly gasPrice?: string;
  readonly maxFeePerGas?: string;
  readonly maxPriorityFeePerGas?: string;
  readonly maxFeePerBlobGas?: string;
  readonly blobVersionedHashes?: readonly string[];
  readonly authorizationList?: unknown;
  readonly nonce: string;
  /** Empty: creates a contract. */
  readonly to: string;
  readonly secretKey?: string;
  readonly sender?: string;
};

export type Expectation = {
  readonly indexes: { readonly data: number; readonly gas: number; readonly value: number };
  /** Root of the state's Merkle Patricia trie. */
  readonly hash: string;
  /** keccak256 of the RLP of the logs. */
  readonly logs: string;
  readonly expectException?: string;
  readonly txbytes?: string;
  /** The state itself: not in every file. */
  readonly state?: FixtureState;
  readonly postState?: FixtureState;
};

export type StateTest = {
  readonly env: FixtureEnvironment;
  readonly pre: FixtureState;
  readonly transaction: FixtureTransaction;
  readonly post: Readonly<Record<string, readonly Expectation[]>>;
  readonly config?: { readonly chainid?: string };
};

/** A file. */
export type Fixture = Readonly<Record<string, StateTest>>;

/** What does not fit its field is written "0x:bigint 0x...". */
export const uint = (text: string): bigint => {
  const digits = text.replace(/^0x:bigint /, "");
  return digits === "" || digits === "0x" ? 0n : BigInt(digits);
};

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), "hex"));

export const hex = (data: Uint8Array): string => `0x${Buffer.from(data).toString("hex")}`;

export const quantity = (value: bigint): string => `0x${value.toString(16)}`;

export const addressText = (address: bigint): string => `0x${address.toString(16).padStart(40, "0")}`;

export const wordText = (word: bigint): string => `0x${word.toString(16).padStart(64, "0")}`;
