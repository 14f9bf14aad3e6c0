/**
 * Emits the AssemblyScript of the Poseidon2 permutation and sponge: unrolled Montgomery arithmetic on 9 limbs of 29 bits.
 *
 * Why 29 bits: a product of two limbs has 58 bits, so a column of 9 products and 9 reduction products stays below 2^63
 * and no carry is handled inside a multiplication. R = 2^261 is 169 times the modulus p, so a product of operands below
 * A·p and B·p is below (A·B/169 + 1)·p and sums need no reduction on the way. Bounds, in multiples of p:
 *   state on entry of a permutation      < 2.4   (canonical element, or reduced state + canonical element)
 *   external layer, rows sum to at most 16  < 39
 *   S-box of x + constant, x < 39       : x² < 10.5, x⁴ < 1.7, x⁵ < 1.4; external layer again < 23, then converging to < 18
 *   internal layer: sum of four < 56, reduced to < 1.1; diagonal product < 1.4; element < 2.5, limbs below 2^30
 * All below 169·p = R, and every operand of `square` is normalised (limbs below 2^29).
 */
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { deriveConstants, FULL_ROUNDS, PARTIAL_ROUNDS, WIDTH } from "../../protocol/poseidon2/constants.ts";

const LIMBS = 9;
const LIMB_BITS = 29;
const MASK = (1n << 29n) - 1n;
const R = (1n << BigInt(LIMBS * LIMB_BITS)) % FIELD_MODULUS;
/** Bytes of an element in limbs: nine 64-bit words. */
const ELEMENT = LIMBS * 8;

const limbsOf = (value: bigint): bigint[] => range(LIMBS).map((i) => (value >> BigInt(LIMB_BITS * i)) & MASK);
const montgomery = (value: bigint): bigint[] => limbsOf((value * R) % FIELD_MODULUS);
const P = limbsOf(FIELD_MODULUS);

/** The whole module. Deterministic: the same text, and with the pinned compiler the same bytes, every time. */
export function emitAssembly(): string {
  const { roundConstants, internalDiagonal } = deriveConstants();
  return [
    table("ROUND_CONSTANTS", roundConstants.flat().map(montgomery)),
    table("DIAGONAL", internalDiagonal.map(montgomery)),
    table("R_SQUARED", [montgomery(R)]),
    table("R_ONE", [montgomery(1n)]),
    table("ONE", [limbsOf(1n)]),
    `const S: usize = memory.data(${WIDTH * ELEMENT}, 16);`,
    `const T: usize = memory.data(${ELEMENT}, 16);`,
    emitMultiply(),
    emitSquare(),
    emitAdd(),
    emitExternalLayer(),
    emitPartialRound(),
    emitRounds(),
    emitLoad(),
    emitStore(),
    emitEntryPoints(),
  ].join("\n");
}

const table = (name: string, elements: bigint[][]): string =>
  `const ${name}: usize = memory.data<u64>([${elements.flat().join(",")}]);`;

const loadLimbs = (name: string, pointer: string): string =>
  range(LIMBS)
    .map((i) => `let ${name}${i}: u64 = load<u64>(${pointer}, ${8 * i});`)
    .join("\n");

/** Carries `names[0..8]` upwards and stores them as normalised limbs. */
const storeNormalised = (pointer: string, names: string[]): string =>
  range(LIMBS)
    .map((i) =>
      i < LIMBS - 1
        ? `store<u64>(${pointer}, ${names[i]} & ${MASK}, ${8 * i}); ${names[i + 1]} += ${names[i]} >> ${LIMB_BITS};`
        : `store<u64>(${pointer}, ${names[i]}, ${8 * i});`,
    )
    .join("\n");

/** o = x·y/R. x may have limbs up to 2^30, y is normalised. Reduces after each limb of x. */
function emitMultiply(): string {
  const rows = range(LIMBS).map((i) => {
    const columns = range(LIMBS - 2, 2).map((j) => `t${j - 1} = t${j} + a * b${j} + q * ${P[j]};`);
    return `a = load<u64>(x, ${8 * i}); s = t0 + a * b0; q = ${reductionFactor("s")};
s = (s + q * ${P[0]}) >> ${LIMB_BITS}; t0 = t1 + a * b1 + q * ${P[1]} + s; ${columns.join(" ")} t8 = 0;`;
  });
  const names = range(LIMBS).map((i) => `t${i}`);
  return `function multiply(o: usize, x: usize, y: usize): void {
${loadLimbs("b", "y")}
let ${names.map((t) => `${t}: u64 = 0`).join(", ")}, a: u64, s: u64, q: u64;
${rows.join("\n")}
${storeNormalised("o", names)}
}`;
}

/** o = x²/R, x normalised: 45 products instead of 81, then the reduction. */
function emitSquare(): string {
  const columns = range(2 * LIMBS).map((k) => {
    const pairs = range(LIMBS).flatMap((i) => (i < k - i && k - i < LIMBS ? [`a${i} * a${k - i}`] : []));
    const square = k % 2 === 0 && k / 2 < LIMBS ? [`a${k / 2} * a${k / 2}`] : [];
    const doubled = pairs.length > 0 ? [`((${pairs.join(" + ")}) << 1)`] : [];
    return `let c${k}: u64 = ${[...doubled, ...square].join(" + ") || "0"};`;
  });
  const reductions = range(LIMBS).map((i) => {
    const products = range(LIMBS - 1, 1).map((j) => `c${i + j} += q * ${P[j]};`);
    return `q = ${reductionFactor(`c${i}`)}; c${i + 1} += (c${i} + q * ${P[0]}) >> ${LIMB_BITS}; ${products.join(" ")}`;
  });
  return `function square(o: usize, x: usize): void {
${loadLimbs("a", "x")}
${columns.join("\n")}
let q: u64;
${reductions.join("\n")}
${storeNormalised(
  "o",
  range(LIMBS).map((i) => `c${LIMBS + i}`),
)}
}`;
}

/** o = x + y, normalised. */
function emitAdd(): string {
  return `function add(o: usize, x: usize, y: usize): void {
${loadLimbs("a", "x")}
${loadLimbs("b", "y")}
${range(LIMBS)
  .map((i) => `a${i} += b${i};`)
  .join(" ")}
${storeNormalised(
  "o",
  range(LIMBS).map((i) => `a${i}`),
)}
}`;
}

/** The external matrix M4 of Poseidon2, by its addition chain, carried limb by limb. */
function emitExternalLayer(): string {
  const outputs = ["t3 + t5", "t5", "t2 + t4", "t4"];
  const limb = (i: number): string => {
    const inputs = ["a", "b", "c", "d"].map((n, e) => `const ${n} = load<u64>(S, ${e * ELEMENT + 8 * i});`);
    const stores = outputs.map((sum, e) => {
      const at = e * ELEMENT + 8 * i;
      return i < LIMBS - 1
        ? `c${e} += ${sum}; store<u64>(S, c${e} & ${MASK}, ${at}); c${e} >>= ${LIMB_BITS};`
        : `c${e} += ${sum}; store<u64>(S, c${e}, ${at});`;
    });
    return `{ ${inputs.join(" ")}
const t0 = a + b, t1 = c + d, t2 = b + b + t1, t3 = d + d + t0, t4 = (t1 << 2) + t3, t5 = (t0 << 2) + t2;
${stores.join("\n")} }`;
  };
  return `function externalLayer(): void {
let c0: u64 = 0, c1: u64 = 0, c2: u64 = 0, c3: u64 = 0;
${range(LIMBS).map(limb).join("\n")}
}`;
}

/**
 * One partial round: S-box on the first element, then `sum + diagonal·element`. The sum is reduced by a multiple of p
 * estimated from its top limb: k = ⌊top·⌊2^40/(p_top + 1)⌋/2^40⌋ never exceeds ⌊sum/p⌋ and is at most one short of it.
 */
function emitPartialRound(): string {
  const estimate = (1n << 40n) / ((P[LIMBS - 1] as bigint) + 1n);
  const sum = range(WIDTH - 1, 1).flatMap((e) =>
    range(LIMBS).map((i) => `z${i} += load<u64>(S, ${e * ELEMENT + 8 * i});`),
  );
  const carries = range(LIMBS - 1).map((i) => `z${i + 1} += z${i} >> ${LIMB_BITS}; z${i} &= ${MASK};`);
  const reduced = range(LIMBS).map((i) =>
    i < LIMBS - 1
      ? `w = (z${i} as i64) - ((k * ${P[i]}) as i64) + c; z${i} = (w as u64) & ${MASK}; c = w >> ${LIMB_BITS};`
      : `w = (z${i} as i64) - ((k * ${P[i]}) as i64) + c; z${i} = w as u64;`,
  );
  const products = range(WIDTH).map(
    (e) => `multiply(T, S + ${e * ELEMENT}, DIAGONAL + ${e * ELEMENT});
${range(LIMBS)
  .map((i) => `store<u64>(S, load<u64>(T, ${8 * i}) + z${i}, ${e * ELEMENT + 8 * i});`)
  .join(" ")}`,
  );
  return `function partialRound(constants: usize): void {
sbox(S, constants);
${loadLimbs("z", "S")}
${sum.join(" ")}
${carries.join(" ")}
const k: u64 = (z8 * ${estimate}) >> 40; let c: i64 = 0, w: i64;
${reduced.join("\n")}
${products.join("\n")}
}`;
}

function emitRounds(): string {
  const half = FULL_ROUNDS / 2;
  const row = WIDTH * ELEMENT;
  return `function sbox(x: usize, constant: usize): void {
add(x, x, constant); square(T, x); square(T, T); multiply(x, x, T);
}
function fullRound(constants: usize): void {
${range(WIDTH)
  .map((e) => `sbox(S + ${e * ELEMENT}, constants + ${e * ELEMENT});`)
  .join(" ")}
externalLayer();
}
function permuteState(): void {
externalLayer();
let constants = ROUND_CONSTANTS;
for (let r = 0; r < ${half}; r++, constants += ${row}) fullRound(constants);
for (let r = 0; r < ${PARTIAL_ROUNDS}; r++, constants += ${ELEMENT}) partialRound(constants);
for (let r = 0; r < ${half}; r++, constants += ${row}) fullRound(constants);
${range(WIDTH)
  .map((e) => `multiply(S + ${e * ELEMENT}, S + ${e * ELEMENT}, R_ONE);`)
  .join(" ")}
}`;
}

/** o = the canonical element of 32 big-endian bytes at x, times R. */
function emitLoad(): string {
  const words = range(4).map((w) => `const w${w} = bswap<u64>(load<u64>(x, ${8 * (3 - w)}));`);
  const limbs = range(LIMBS).map((i) => {
    const [word, shift] = [(LIMB_BITS * i) >> 6, (LIMB_BITS * i) & 63];
    const spill = shift > 64 - LIMB_BITS && word < 3 ? ` | (w${word + 1} << ${64 - shift})` : "";
    return `store<u64>(o, ((w${word} >> ${shift})${spill}) & ${MASK}, ${8 * i});`;
  });
  return `function loadElement(o: usize, x: usize): void {
${words.join(" ")}
${limbs.join("\n")}
multiply(o, o, R_SQUARED);
}`;
}

/** The canonical 32 big-endian bytes of x/R. x·1/R is at most p, so one conditional subtraction makes it canonical. */
function emitStore(): string {
  const compare = range(LIMBS)
    .map((i) => `a${i} == ${P[i]}`)
    .join(" && ");
  const words = range(4).map((w) => {
    const parts = range(LIMBS).flatMap((i) => {
      const shift = LIMB_BITS * i - 64 * w;
      if (shift <= -LIMB_BITS || shift >= 64) return [];
      return [shift >= 0 ? `(a${i} << ${shift})` : `(a${i} >> ${-shift})`];
    });
    return `store<u64>(o, bswap<u64>(isModulus ? 0 : ${parts.join(" | ")}), ${8 * (3 - w)});`;
  });
  return `function storeElement(o: usize, x: usize): void {
multiply(T, x, ONE);
${loadLimbs("a", "T")}
const isModulus = ${compare};
${words.join("\n")}
}`;
}

function emitEntryPoints(): string {
  const elements = (each: (e: number) => string) => range(WIDTH).map(each).join(" ");
  return `/** Where callers put inputs and find results: everything from here to the end of memory is theirs. */
export const buffer: usize = __heap_base;
/** Permutes four elements of 32 bytes in place. */
export function permute(at: usize): void {
${elements((e) => `loadElement(S + ${e * ELEMENT}, at + ${32 * e});`)}
permuteState();
${elements((e) => `storeElement(at + ${32 * e}, S + ${e * ELEMENT});`)}
}
/** Starts a sponge whose capacity element is the 32 bytes at \`tag\`. */
export function begin(tag: usize): void {
memory.fill(S, 0, ${(WIDTH - 1) * ELEMENT});
loadElement(S + ${(WIDTH - 1) * ELEMENT}, tag);
}
/** Absorbs one element at position \`e\` of the rate. */
function absorbElement(e: usize, x: usize): void {
const s = S + e * ${ELEMENT};
loadElement(T2, x);
add(s, s, T2);
}
const T2: usize = memory.data(${ELEMENT}, 16);
/** Absorbs \`count\` elements; the last group of three is padded with zeros, and no element at all is a group too. */
export function absorb(at: usize, count: i32): void {
let i = 0;
do {
const n = min(count - i, 3);
for (let e = 0; e < n; e++, at += 32) absorbElement(e, at);
permuteState();
i += 3;
} while (i < count);
}
export function squeeze(out: usize): void {
storeElement(out, S);
}
/** Hashes \`items\` times \`width\` consecutive elements, each into 32 bytes of \`out\`. */
export function hashMany(tag: usize, at: usize, width: i32, items: i32, out: usize): void {
for (let i = 0; i < items; i++, at += 32 * width, out += 32) {
begin(tag); absorb(at, width); squeeze(out);
}
}`;
}

function range(length: number, from = 0): number[] {
  return Array.from({ length }, (_, i) => from + i);
}

/**
 * Montgomery's factor -s/p modulo 2^29. There p = 1 + 2^28, whose inverse is 1 - 2^28, so the factor is s·(2^28 - 1):
 * a shift and a subtraction, 3% less time than a product.
 */
const reductionFactor = (s: string): string => `((${s} << 28) - ${s}) & ${MASK}`;
