import { expect } from "chai";
import { GENESIS_BASE_FEE } from "../../protocol/constants.ts";
import { blockHash, genesisParentHash } from "../../protocol/block.ts";
import {
  genesisBlock,
  genesisStateRoot,
  genesisTip,
  genesisToJson,
  parseGenesis,
} from "../../protocol/genesis.ts";
import { expectError } from "./expectError.ts";

const account = (n: number, rest: object = {}) => ({
  address: `0x${n.toString(16).padStart(40, "0")}`,
  balance: "1000000000000000000",
  ...rest,
});
const json = {
  name: "demo-1",
  chainId: 4242,
  program: "evm",
  timestamp: "1800000000",
  gasLimit: "0x1c9c380",
  feeRecipient: "0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD",
  alloc: [account(2), account(1, { nonce: 3 })],
};
const supersonic = {
  ...json,
  program: "none",
  alloc: [account(1, { balance: 0, code: "0x60015b", storage: { "0x1": "0x2", "3": "0" } })],
};

describe("protocol/genesis", () => {
  it("parses, writes and parses to the same", () => {
    const genesis = parseGenesis(json);
    expect(genesis).to.include({ chainId: 4242n, gasLimit: 30_000_000n, program: "evm" });
    expect(genesis.feeRecipient).to.equal(json.feeRecipient.toLowerCase());
    for (const each of [genesis, parseGenesis(supersonic), parseGenesis({ ...supersonic, program: "evm" })])
      expect(parseGenesis(JSON.parse(JSON.stringify(genesisToJson(each))))).to.deep.equal(each);
  });

  it("gives a tip whose data hash identifies chain, state and parameters", () => {
    const genesis = parseGenesis(json);
    const tip = genesisTip(genesis);
    const stateRoot = genesisStateRoot(genesis);
    const dataHash = blockHash(genesisParentHash(4242n, stateRoot), genesisBlock(genesis));
    expect(tip).to.deep.equal({
      ...{ stateRoot, dataHash, blockNumber: 0n, timestamp: 1_800_000_000n },
      ...{ baseFee: GENESIS_BASE_FEE, gasUsed: 0n },
    });
    const others = [
      { chainId: 4243 },
      { timestamp: 1 },
      { gasLimit: 5000 },
      { feeRecipient: account(7).address },
      { alloc: [account(2)] },
    ].map((change) => genesisTip(parseGenesis({ ...json, ...change })).dataHash);
    expect(new Set([dataHash, ...others]).size).to.equal(6);
    const reordered = parseGenesis({ ...json, alloc: [...json.alloc].reverse() });
    expect(genesisTip(reordered), "the order of the allocation does not matter").to.deep.equal(tip);
    const zeroSlot = {
      ...supersonic,
      alloc: [account(1, { balance: 0, code: "0x60015b", storage: { "1": 2 } })],
    };
    expect(genesisStateRoot(parseGenesis(zeroSlot))).to.equal(genesisStateRoot(parseGenesis(supersonic)));
  });

  const refused: [string, object, { code: string } & Record<string, unknown>][] = [
    ["a field missing", { ...json, chainId: undefined }, { code: "JSON_TYPE", path: "genesis.chainId" }],
    [
      "a field unknown",
      { ...json, blockTimeMs: 1 },
      { code: "JSON_FIELD_UNKNOWN", path: "genesis", field: "blockTimeMs" },
    ],
    [
      "a program unknown",
      { ...json, program: "transfers" },
      { code: "JSON_TYPE", path: "genesis.program", expected: "evm | none" },
    ],
    ["a name with capitals", { ...json, name: "Demo" }, { code: "JSON_TYPE", path: "genesis.name" }],
    ["chain id 0", { ...json, chainId: 0 }, { code: "GENESIS_CHAIN_ID", chainId: 0n }],
    ["a chain id that wallets cannot hold", { ...json, chainId: "9007199254740992" }, { code: "JSON_TYPE" }],
    [
      "a low gas limit",
      { ...json, gasLimit: 4999 },
      { code: "GENESIS_GAS_LIMIT", gasLimit: 4999n, minimum: 5000n },
    ],
    ["a negative integer", { ...json, timestamp: -1 }, { code: "JSON_TYPE", path: "genesis.timestamp" }],
    [
      "a short address",
      { ...json, feeRecipient: "0x12" },
      { code: "JSON_TYPE", path: "genesis.feeRecipient" },
    ],
    ["an allocation that is no list", { ...json, alloc: {} }, { code: "JSON_TYPE", path: "genesis.alloc" }],
    ["an account twice", { ...json, alloc: [account(1), account(1)] }, { code: "GENESIS_ACCOUNT_TWICE" }],
    ["an empty account", { ...json, alloc: [account(1, { balance: 0 })] }, { code: "GENESIS_ACCOUNT_EMPTY" }],
    [
      "a gas limit that no circuit can prove",
      { ...supersonic, program: "evm", gasLimit: 2 ** 29 },
      { code: "GENESIS_GAS_LIMIT_UNPROVABLE", gasLimit: 2n ** 29n, maximum: 2n ** 29n - 1n },
    ],
    [
      "code larger than any contract's",
      { ...supersonic, alloc: [account(1, { code: `0x${"00".repeat(24_577)}` })] },
      { code: "GENESIS_CODE_TOO_LARGE", bytes: 24_577, limit: 24_576 },
    ],
    [
      "a slot twice",
      { ...supersonic, alloc: [account(1, { storage: { "1": 1, "0x1": 2 } })] },
      { code: "GENESIS_SLOT_TWICE", slot: 1n },
    ],
    [
      "odd digits of code",
      { ...supersonic, alloc: [account(1, { code: "0x1" })] },
      { code: "JSON_TYPE", path: "genesis.alloc[0].code" },
    ],
    ["no object", [] as object, { code: "JSON_TYPE", path: "genesis", expected: "object" }],
  ];
  for (const [what, value, error] of refused)
    it(`refuses ${what}: ${error.code}`, () => expectError(() => parseGenesis(value), error));

  it("names a field that is missing", () => {
    const { chainId, ...rest } = json;
    expect(chainId).to.equal(4242);
    expectError(() => parseGenesis(rest), { code: "JSON_FIELD_MISSING", path: "genesis", field: "chainId" });
  });
});
