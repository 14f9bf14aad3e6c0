import { expect } from "chai";
import { poseidon2Permutation } from "../../../circuits/builder/blackBoxes.ts";
import { witnessBytes, witnessWord } from "../../../circuits/builder/ranges.ts";
import { accountKeyOf, accountValueOf } from "../../../circuits/gadgets/account.ts";
import { KECCAK_BLOCK, keccak256 } from "../../../circuits/gadgets/keccak.ts";
import { segmentHashes } from "../../../circuits/gadgets/segmentHashes.ts";
import { HEAD_BYTES } from "../../../circuits/gadgets/segmentRow.ts";
import { hashFields } from "../../../circuits/gadgets/sponge.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, input, streamOf, unhex } from "../gadgets/buildGadget.ts";
import { poolOf } from "../gadgets/keccakPool/poolOf.ts";
import { expectComputes, fieldInputs, integerOf, readVectors } from "./expectComputes.ts";

type HashVectors = {
  permute: { input: string[]; output: string[] }[];
  hash: { domain: number; inputs: string[]; hash: string }[];
  hashBytes: { data: string; hash: string }[];
};
type StateVectors = {
  accountKeys: { address: string; key: string }[];
  accounts: Record<"nonce" | "balance" | "codeSize" | "codeHash" | "codeCommitment" | "valueHash", string>[];
  code: { code: string; codeHash: string }[];
};
type InscriptionVectors = { commitment: string; context: string; published: string; pointer: string };

const { permute, hash, hashBytes } = readVectors<HashVectors>("hash");
const state = readVectors<StateVectors>("state");
const inscription = readVectors<InscriptionVectors>("inscription");

describe("vectors through circuits: hash.json (I-HASH-01)", () => {
  it("permutations", () => {
    for (const { input: lanes, output } of permute)
      expectComputes(
        (b) => poseidon2Permutation(b, fieldInputs(b, "lane", lanes.map(BigInt)), "permutation"),
        output.map(BigInt),
        () => "permutation",
      );
  });

  it("hashes of fields", () => {
    for (const { domain, inputs, hash: digest } of hash)
      expectComputes(
        (b) => [hashFields(b, domain, fieldInputs(b, "input", inputs.map(BigInt)), "hash")],
        [BigInt(digest)],
        () => `hash.permutation[${Math.max(1, Math.ceil(inputs.length / 3)) - 1}]`,
      );
  });
});

describe("vectors through circuits: hashBytes of hash.json, context of inscription.json", () => {
  /** Bytes a permutation takes. */
  const ROW = 93;
  const context = { data: inscription.commitment, hash: inscription.context };
  /** The gadget's strings begin with a block's head, so shorter ones it cannot hash. */
  const strings = [...hashBytes, context]
    .map(({ data, hash: digest }) => ({ data: unhex(data), digest: BigInt(digest) }))
    .filter(({ data }) => data.length >= HEAD_BYTES);

  const claiming = (digests: readonly bigint[]) =>
    buildGadget((b) => {
      const bodies = strings.map(({ data }) => data.slice(HEAD_BYTES));
      const starts = [0];
      for (const body of bodies) starts.push(starts.at(-1)! + body.length);
      const segments = {
        stream: streamOf(b, concatBytes(bodies)),
        heads: strings.map(({ data }, i) => {
          const [first, second] = [data.slice(0, 31), data.slice(31, HEAD_BYTES)].map(integerOf);
          return [input(b, `first[${i}]`, 248, first!), input(b, `second[${i}]`, 200, second!)] as const;
        }),
        positions: starts.map((at, i) => input(b, `position[${i}]`, 12, BigInt(at))),
        count: input(b, "count", 8, BigInt(strings.length)),
      };
      return segmentHashes(b, segments, { rows: 24, positionBits: 13 }, () => digests, "bytes");
    });
  const digests = strings.map(({ digest }) => digest);

  it("are those of all strings that begin with 56 bytes, in one circuit", () => {
    expect(strings.map(({ data }) => data.length)).to.include.members([61, 62, 63, 93, 94, 300]);
    expectSound(claiming(digests));
  });

  it("are no others: the last row of a string compares", () => {
    let rows = 0;
    strings.forEach(({ data }, i) => {
      rows += Math.ceil(data.length / ROW);
      const altered = digests.with(i, digests[i]! ^ 1n);
      expectOnlyBroken(claiming(altered), {}, [`bytes.row[${rows - 1}].digest`]);
    });
  });
});

describe("vectors through circuits: state.json", () => {
  it("account keys", () => {
    for (const { address, key } of state.accountKeys)
      expectComputes(
        (b) => [accountKeyOf(b, input(b, "address", 160, BigInt(address)), "key")],
        [BigInt(key)],
        () => "key.permutation[0]",
      );
  });

  it("values of accounts, with code and without", () => {
    for (const { valueHash, ...account } of state.accounts)
      expectComputes(
        (b) => [
          accountValueOf(
            b,
            {
              nonce: input(b, "nonce", 64, BigInt(account.nonce)),
              balance: witnessWord(b, "balance", () => BigInt(account.balance)),
              codeSize: input(b, "codeSize", 32, BigInt(account.codeSize)),
              codeHash: witnessWord(b, "codeHash", () => BigInt(account.codeHash)),
              codeCommitment: b.witness("commitment", () => BigInt(account.codeCommitment)),
            },
            "value",
          ),
        ],
        [BigInt(valueHash)],
        () => "value.permutation[1]",
      );
  });
});

describe("vectors through circuits: keccak256 of state.json's code and inscription.json's data", () => {
  const pointerHash = unhex(inscription.pointer).slice(2, 34);
  const messages = [
    ...state.code.map(({ code, codeHash }) => ({ data: unhex(code), digest: unhex(codeHash) })),
    { data: unhex(inscription.published), digest: pointerHash },
  ].map(({ data, digest }) => ({ data, digest: Array.from(digest, BigInt) }));
  const guard = (i: number): string => `keccak.digest[${Math.floor(i / 8)}].bytes`;

  it("of fixed length, up to a block", () => {
    const short = messages.filter(({ data }) => data.length < KECCAK_BLOCK);
    expect(short).to.have.length(6);
    for (const { data, digest } of short)
      expectComputes(
        (b) =>
          keccak256(
            b,
            witnessBytes(b, "data", data.length, () => data),
            "keccak",
          ),
        digest,
        guard,
      );
  });

  it("of any length, in one pool", () => {
    const built = poolOf(messages.map(({ data }) => data));
    expectSound(built);
    const wanted = messages.map(({ digest }) => integerOf(Uint8Array.from(digest, Number)));
    expect(built.out.map(built.word)).to.deep.equal(wanted);
  });
});
