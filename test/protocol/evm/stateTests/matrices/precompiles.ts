import { SigningKey } from "ethers";
import { concatBytes } from "../../../../../protocol/bytes.ts";
import { uintToBytes, wordToBytes } from "../../../../../protocol/evm/machine/word.ts";
import { assemble, type Item } from "../../machine/assembler.ts";
import { keep } from "../code.ts";
import { bytes, hex } from "../fixture.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** The precompiled contracts 1 to 5 and 9: inputs at their edges, gas by one. */

/** The input is the transaction's data; the answer's length and hash, the call's outcome and gas are kept. */
function called(name: string, to: number, data: Uint8Array, gas: Item = "GAS"): StateCase {
  const code: Item[] = [
    ...["CALLDATASIZE", 0, 0, "CALLDATACOPY", "GAS"],
    ...[40, 7, "CALLDATASIZE", 0, to, gas, "STATICCALL", ...keep(0), "GAS", "SWAP1", "SUB", ...keep(1)],
    ...["RETURNDATASIZE", ...keep(2), 64, 0, "KECCAK256", ...keep(3)],
    ...["RETURNDATASIZE", 0, 0, "RETURNDATACOPY", "RETURNDATASIZE", 0, "KECCAK256", ...keep(4)],
  ];
  return {
    name: `precompile ${to}: ${name}`,
    pre: new Map([[ENTRY, { nonce: 1n, code: assemble(...code) }]]),
    transaction: { data, gasLimit: 10_000_000n },
  };
}

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const P = 2n ** 256n - 2n ** 32n - 977n;
const DIGEST = 0x1234567890abcdefn;
const key = new SigningKey(`0x${"11".repeat(32)}`);
const signature = key.sign(hex(wordToBytes(DIGEST)));
const [R, S, V] = [BigInt(signature.r), BigInt(signature.s), BigInt(signature.v)];

const words = (...values: readonly bigint[]): Uint8Array => concatBytes(values.map(wordToBytes));

export function* ecrecovers(): Generator<StateCase> {
  const good = words(DIGEST, V, R, S);
  for (const v of [0n, 1n, 26n, 27n, 28n, 29n, 27n + 2n ** 8n, 28n + 2n ** 64n, 2n ** 256n - 1n, V << 248n])
    yield called(`v ${v}`, 1, words(DIGEST, v, R, S));
  for (const r of [0n, 1n, 2n, 5n, R + N, N - 1n, N, N + 1n, P - 1n, P, 2n ** 255n, 2n ** 256n - 1n])
    for (const v of [27n, 28n])
      yield called(`v ${v}, r ${r}`, 1, words(DIGEST, v, BigInt.asUintN(256, r), S));
  for (const s of [0n, 1n, N / 2n, N / 2n + 1n, N - S, N - 1n, N, N + 1n, 2n ** 256n - 1n])
    for (const v of [27n, 28n]) yield called(`v ${v}, s ${s}`, 1, words(DIGEST, v, R, s));
  for (const digest of [0n, 1n, N, N - 1n, 2n ** 256n - 1n])
    yield called(`digest ${digest}`, 1, words(digest, V, R, S));
  for (const length of [0, 1, 32, 63, 64, 96, 127, 128])
    yield called(`${length} bytes`, 1, good.slice(0, length));
  yield called("bytes behind the input", 1, concatBytes([good, new Uint8Array(50).fill(1)]));
  // The key is the point at infinity: s R = z G with R = G and s = z.
  const gx = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
  for (const v of [27n, 28n]) yield called(`infinity, v ${v}`, 1, words(9n, v, gx, 9n));
  for (const gas of [2_999, 3_000, 3_001]) yield called(`gas ${gas}`, 1, good, gas);
}

const PRICES = { 2: [60, 12], 3: [600, 120], 4: [15, 3] } as const;

export function* hashes(): Generator<StateCase> {
  for (const [number, [base, word]] of Object.entries(PRICES))
    for (const length of [0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 128, 1_000]) {
      const input = Uint8Array.from({ length }, (_, i) => (i * 7 + 1) % 256);
      const cost = base + word * Math.ceil(length / 32);
      for (const gas of [cost - 1, cost, cost + 1])
        yield called(`${length} bytes, gas ${gas}`, Number(number), input, gas);
    }
}

type Lengths = readonly [base: bigint, exponent: bigint, modulus: bigint];

const modexpInput = (lengths: Lengths, ...parts: readonly Uint8Array[]): Uint8Array =>
  concatBytes([words(...lengths), ...parts]);

export function* modexps(): Generator<StateCase> {
  for (const base of [0, 1, 31, 33])
    for (const exponent of [0, 1, 32, 33, 40])
      for (const modulus of [0, 1, 32, 65])
        for (const fill of [0, 1, 0xff]) {
          const body = new Uint8Array(base + exponent + modulus).fill(fill);
          const lengths = [BigInt(base), BigInt(exponent), BigInt(modulus)] as const;
          const name = `lengths ${lengths.join(", ")}, bytes ${fill}`;
          yield called(name, 5, modexpInput(lengths, body));
          if (fill === 1 && modulus === 32)
            yield called(`${name}, cut`, 5, modexpInput(lengths, body.slice(0, base + 1)));
        }
  const huge = [2n ** 31n, 2n ** 32n, 2n ** 64n, 2n ** 128n, 2n ** 256n - 1n];
  for (const length of huge) {
    yield called(`a base of ${length} bytes`, 5, modexpInput([length, 1n, 1n], new Uint8Array(3).fill(3)));
    yield called(
      `an exponent of ${length} bytes`,
      5,
      modexpInput([1n, length, 1n], new Uint8Array(3).fill(3)),
    );
    yield called(`a modulus of ${length} bytes`, 5, modexpInput([1n, 1n, length], new Uint8Array(3).fill(3)));
    yield called(`an exponent of ${length} bytes, nothing else`, 5, modexpInput([0n, length, 0n]));
    yield called(`a base of ${length} bytes, nothing else`, 5, modexpInput([length, 0n, 0n]));
  }
  for (let length = 0; length < 96; length += 19)
    yield called(`${length} bytes of lengths`, 5, words(1n, 1n, 1n).slice(0, length));
  yield* modexpGas();
}

/** EIP-2565: the head of the exponent counts its bits, what is behind the head 8 a byte. */
function* modexpGas(): Generator<StateCase> {
  for (const exponent of [
    "00",
    "01",
    "02",
    "80",
    "ff",
    `00${"ff".repeat(31)}`,
    "ff".repeat(32),
    `${"00".repeat(32)}ff`,
    `01${"00".repeat(39)}`,
  ])
    for (const width of [8, 64, 96]) {
      const body = [new Uint8Array(width).fill(5), bytes(`0x${exponent}`), new Uint8Array(width).fill(9)];
      const lengths = [BigInt(width), BigInt(exponent.length / 2), BigInt(width)] as const;
      const input = modexpInput(lengths, ...body);
      for (const gas of [199, 200, 201, "GAS"] as const)
        yield called(`exponent ${exponent}, ${width} bytes, gas ${gas}`, 5, input, gas);
    }
}

export function* blake2fs(): Generator<StateCase> {
  const input = (rounds: number, last: number): Uint8Array =>
    concatBytes([
      uintToBytes(BigInt(rounds), 4),
      Uint8Array.from({ length: 208 }, (_, i) => (i * 31 + 5) % 256),
      Uint8Array.of(last),
    ]);
  for (const rounds of [0, 1, 9, 10, 11, 12, 200])
    for (const last of [0, 1]) yield called(`${rounds} rounds, last byte ${last}`, 9, input(rounds, last));
  for (const last of [2, 128, 255]) yield called(`last byte ${last}`, 9, input(1, last));
  for (const length of [0, 1, 212]) yield called(`${length} bytes`, 9, input(12, 1).slice(0, length));
  yield called("214 bytes", 9, concatBytes([input(12, 1), Uint8Array.of(0)]));
  for (const gas of [11, 12, 13]) yield called(`12 rounds, gas ${gas}`, 9, input(12, 1), gas);
  yield called("more rounds than gas", 9, input(2 ** 32 - 1, 1));
}
