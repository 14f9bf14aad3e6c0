/** Poseidon2: microseconds a permutation, beside other implementations in the same run. Usage: node test/bench/poseidon2.ts */
import { BarretenbergSync } from "@aztec/bb.js";
import { permute as packagePermute } from "@zkpassport/poseidon2";
import { Domain } from "../../protocol/domains.ts";
import { hash, hashBytes, hashMany } from "../../protocol/hash.ts";
import { permute } from "../../protocol/poseidon2/permute.ts";
import { bestMicroseconds, printTable } from "./table.ts";

const ROUNDS = 15;
const repeat = (count: number, run: (i: bigint) => void) =>
  bestMicroseconds(ROUNDS, count, () => {
    for (let i = 0; i < count; i++) run(BigInt(i));
  });

const barretenberg = await BarretenbergSync.initSingleton();
const zeros = Array.from({ length: 4 }, () => new Uint8Array(32));
const pairs = new Uint8Array(2_000 * 64);
const data = new Uint8Array(93 * 1_000);

printTable("Poseidon2 (BN254, t = 4), one permutation each", [
  {
    what: "hashMany, pairs, in bytes",
    value: bestMicroseconds(ROUNDS, 2_000, () => hashMany(Domain.NODE, 2, pairs)),
    unit: "us",
  },
  { what: "hash of a pair, bigint", value: repeat(1_000, (i) => hash(Domain.NODE, [i, i])), unit: "us" },
  { what: "permute, bigint", value: repeat(1_000, (i) => permute([i, i, i, i])), unit: "us" },
  {
    what: "hashBytes, 93 bytes a permutation",
    value: bestMicroseconds(ROUNDS, 1_000, () => hashBytes(data)),
    unit: "us",
  },
  {
    what: "@aztec/bb.js, WebAssembly, a call each",
    value: repeat(500, () => barretenberg.poseidon2Permutation({ inputs: zeros })),
    unit: "us",
  },
  { what: "@zkpassport/poseidon2", value: repeat(100, (i) => packagePermute([i, i, i, i])), unit: "us" },
]);
process.exit(0);
