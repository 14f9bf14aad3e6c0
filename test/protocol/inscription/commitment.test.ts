import { expect } from "chai";
import { encode } from "cborg";
import { MAX_INSCRIPTION_BYTES } from "../../../protocol/constants.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import type { EpochBody, EpochCommitment } from "../../../protocol/inscription/commitment.ts";
import {
  contextOf,
  decodeBody,
  decodeCommitment,
  encodeBody,
  encodeCommitment,
  epochInputsOf,
} from "../../../protocol/inscription/commitment.ts";
import {
  altDaCommitment,
  DaLayer,
  decodePointer,
  encodePointer,
  isContentOf,
  localPointer,
} from "../../../protocol/inscription/pointer.ts";
import { decode } from "cborg";
import { expectError } from "../expectError.ts";
import { Random } from "../random.ts";

describe("protocol/inscription/commitment", () => {
  const random = new Random();

  const randomCommitment = (): EpochCommitment => {
    const firstBlock = random.bits(40);
    return {
      chainId: random.bits(53),
      epoch: random.bits(32),
      firstBlock,
      lastBlock: firstBlock + random.bits(16),
      previousStateRoot: random.field(),
      stateRoot: random.field(),
      previousDataHash: random.field(),
      dataHash: random.field(),
      pointers: Array.from({ length: random.below(4) }, () => localPointer(random.bytes(random.below(100)))),
      settlementIn: random.field(),
      settlementOut: random.field(),
      batchCount: random.bits(20),
      epochKeyHash: random.field(),
    };
  };
  const randomBody = (): EpochBody => ({ commitment: randomCommitment(), proof: random.bytes(7776) });

  it(`reads back what it writes (seed ${random.seed})`, () => {
    for (let i = 0; i < 20; i++) {
      const body = randomBody();
      expect(decodeBody(encodeBody(body))).to.deep.equal(body);
      expect(decodeCommitment(encodeCommitment(body.commitment))).to.deep.equal(body.commitment);
    }
  });

  it("I-INSC-01: the context is the commitment's hash and changes with each of its fields", () => {
    const commitment = { ...randomCommitment(), pointers: [localPointer(random.bytes(5))] };
    const context = contextOf(commitment);
    expect(context).to.equal(hashBytes(encodeCommitment(commitment)));
    expect(epochInputsOf(commitment)).to.include({ context, batchCount: commitment.batchCount });
    for (const [name, value] of Object.entries(commitment)) {
      const other = typeof value === "bigint" ? (name === "firstBlock" ? value - 1n : value + 1n) : [];
      if (other === FIELD_MODULUS || other === -1n) continue;
      expect(contextOf({ ...commitment, [name]: other }), name).to.not.equal(context);
    }
  });

  describe("refuses every body but the one encoding of its value", () => {
    const body = randomBody();
    const bytes = encodeBody(body);
    const map = decode(bytes, { useMaps: true }) as Map<string, unknown>;
    const altered = (name: string, value: unknown) => encode(new Map(map).set(name, value));
    const without = (name: string) => encode(new Map([...map].filter(([key]) => key !== name)));

    it("re-encodes to the same bytes when nothing is altered", () => {
      expect(encode(map)).to.deep.equal(bytes);
    });
    for (const name of map.keys())
      it(`without ${name}`, () =>
        expectError(() => decodeBody(without(name)), { code: "CBOR_FIELD_MISSING", field: name }));
    for (const [name, value] of map)
      it(`${name} of another type`, () => {
        const wrong =
          typeof value === "number" || typeof value === "bigint"
            ? [new Uint8Array(1), -1, 1.5, "1"]
            : [1, "00", null];
        for (const other of wrong)
          expectError(() => decodeBody(altered(name, other)), { code: "CBOR_FIELD_TYPE", field: name });
      });

    it("with a field more", () => {
      expectError(() => decodeBody(altered("note", 1)), { code: "CBOR_FIELD_UNKNOWN", field: "note" });
      expectError(() => decodeCommitment(bytes), { code: "CBOR_FIELD_UNKNOWN", field: "proof" });
    });
    it("of another version", () => {
      expectError(() => decodeBody(altered("version", 2)), {
        code: "INSCRIPTION_VERSION",
        expected: 1n,
        actual: 2n,
      });
    });
    it("with a field element that is not reduced, or of another length", () => {
      const modulus = Buffer.from(FIELD_MODULUS.toString(16), "hex");
      expectError(() => decodeBody(altered("dataHash", modulus)), {
        code: "FIELD_OUT_OF_RANGE",
        value: FIELD_MODULUS,
      });
      expectError(() => decodeBody(altered("stateRoot", new Uint8Array(31))), {
        code: "FIELD_WRONG_LENGTH",
        actual: 31,
      });
    });
    it("with an empty block range", () => {
      const { firstBlock } = body.commitment;
      const commitment = { ...body.commitment, lastBlock: firstBlock - 1n };
      expectError(() => encodeBody({ ...body, commitment }), { code: "INSCRIPTION_BLOCK_RANGE", firstBlock });
    });
    it("with bytes after it, or cut, or no CBOR, or no map", () => {
      expectError(() => decodeBody(Uint8Array.of(...bytes, 0)), { code: "CBOR_INVALID" });
      expectError(() => decodeBody(bytes.slice(0, -1)), { code: "CBOR_INVALID" });
      expectError(() => decodeBody(new Uint8Array(0)), { code: "CBOR_INVALID" });
      expectError(() => decodeBody(Uint8Array.of(0x01)), { code: "CBOR_NOT_A_MAP" });
    });
    it("with its keys in another order, or an integer in a longer form", () => {
      const reversed = [...map].reverse().map(([key, value]) => [encode(key), encode(value)]);
      const parts = reversed.flat();
      expectError(() => decodeBody(Buffer.concat([bytes.subarray(0, 1), ...parts])), {
        code: "CBOR_NOT_CANONICAL",
      });
      const key = encode("version");
      const at = Buffer.from(bytes).indexOf(Buffer.from(key)) + key.length;
      const long = Buffer.concat([bytes.subarray(0, at), Uint8Array.of(0x18, 1), bytes.subarray(at + 1)]);
      expect(() => decodeBody(long)).to.throw(/CBOR_INVALID|CBOR_NOT_CANONICAL/);
    });
    it("with a key twice", () => {
      const twice = Buffer.concat([
        Uint8Array.of((bytes[0] as number) + 1),
        bytes.subarray(1),
        encode("epoch"),
        encode(1),
      ]);
      expectError(() => decodeBody(twice), { code: "CBOR_INVALID" });
    });
    it("that is too large", () => {
      const proof = new Uint8Array(MAX_INSCRIPTION_BYTES);
      expectError(() => encodeBody({ ...body, proof }), {
        code: "INSCRIPTION_TOO_LARGE",
        maxBytes: MAX_INSCRIPTION_BYTES,
      });
      expectError(() => decodeBody(new Uint8Array(MAX_INSCRIPTION_BYTES + 1)), {
        code: "INSCRIPTION_TOO_LARGE",
      });
    });
  });
});

describe("protocol/inscription/pointer", () => {
  const data = Uint8Array.of(1, 2, 3);

  it("I-INSC-04: reads back what it writes, for every layer, and recognises its content", () => {
    for (const payload of [0, 40, 48, 192].map((length) => new Uint8Array(length).fill(7))) {
      const pointer = { ...localPointer(data), layer: DaLayer.CELESTIA, payload };
      expect(decodePointer(encodePointer(pointer))).to.deep.equal(pointer);
    }
    expect(isContentOf(localPointer(data), data)).to.equal(true);
    expect(isContentOf(localPointer(data), Uint8Array.of(1, 2, 4))).to.equal(false);
    expect(isContentOf({ ...localPointer(data), length: 4 }, data)).to.equal(false);
  });

  it("gives the commitment that alt-DA servers take", () => {
    const pointer = localPointer(data);
    expect(altDaCommitment(pointer)).to.deep.equal(Uint8Array.of(0, ...pointer.contentHash));
    const celestia = { ...pointer, layer: DaLayer.CELESTIA, payload: Uint8Array.of(9) };
    expect(altDaCommitment(celestia)).to.deep.equal(Uint8Array.of(1, 0x0c, 9));
  });

  it("refuses malformed pointers", () => {
    const bytes = encodePointer(localPointer(data));
    expectError(() => decodePointer(bytes.slice(1)), { code: "POINTER_LENGTH", actual: bytes.length - 1 });
    expectError(() => decodePointer(bytes.with(0, 2)), { code: "POINTER_VERSION", expected: 1, actual: 2 });
    const long = { ...localPointer(data), payload: new Uint8Array(193) };
    expectError(() => encodePointer(long), { code: "POINTER_LENGTH", actual: bytes.length + 193 });
    const short = { ...localPointer(data), contentHash: new Uint8Array(31) };
    expectError(() => encodePointer(short), {
      code: "POINTER_CONTENT_HASH_LENGTH",
      expected: 32,
      actual: 31,
    });
  });
});
