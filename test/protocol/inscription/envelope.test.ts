import { expect } from "chai";
import { hexToBytes } from "@noble/hashes/utils.js";
import * as bitcoin from "bitcoinjs-lib";
import { parseWitness, type Inscription } from "micro-ordinals";
import { concatBytes } from "../../../protocol/bytes.ts";
import type { EpochLeaf } from "../../../protocol/inscription/envelope.ts";
import {
  decodeInscriptionId,
  encodeInscriptionId,
  encodeLeafScript,
  INSCRIPTION_CONTENT_TYPE,
  parseEnvelopes,
  parseLeafScript,
} from "../../../protocol/inscription/envelope.ts";
import { Opcode, parseScript, push } from "../../../protocol/inscription/script.ts";
import { expectError } from "../expectError.ts";
import { publicVector } from "../publicVectors.ts";
import { Random } from "../random.ts";

type Reveal = {
  title: string;
  raw_tx: string;
  body?: string;
  tags?: { contentType?: string; parent?: string | string[] };
};

describe("protocol/inscription/envelope", () => {
  const random = new Random();
  const leafOf = (bodyBytes: number, parents = 1): EpochLeaf => ({
    publicKey: random.bytes(32),
    contentType: INSCRIPTION_CONTENT_TYPE,
    parents: Array.from({ length: parents }, (_, i) => ({ txid: random.bytes(32), index: i * 300 })),
    body: random.bytes(bodyBytes),
  });

  it(`reads back what it writes, for every size near a push (seed ${random.seed})`, () => {
    for (const bytes of [0, 1, 75, 76, 255, 256, 519, 520, 521, 1040, 9000])
      for (const parents of [0, 1, 3]) {
        const leaf = leafOf(bytes, parents);
        const script = encodeLeafScript(leaf);
        expect(parseLeafScript(script)).to.deep.equal(leaf);
        for (const { data } of parseScript(script)) expect(data?.length ?? 0).to.be.at.most(520);
      }
  });

  it("writes what an independent ordinals parser reads, with data pushes for tags", () => {
    const leaf = { ...leafOf(2000), parents: [{ txid: random.bytes(32), index: 0 }] };
    const script = encodeLeafScript(leaf);
    const found = parseWitness([random.bytes(64), script, random.bytes(33)]) as Inscription[];
    expect(found).to.have.length(1);
    expect(found[0]?.body).to.deep.equal(leaf.body);
    expect(found[0]?.tags.contentType).to.equal(INSCRIPTION_CONTENT_TYPE);
    const [parent] = leaf.parents as [(typeof leaf.parents)[0]];
    expect(found[0]?.tags.parent).to.equal(`${Buffer.from(parent.txid).reverse().toString("hex")}i0`);
    expect(
      parseScript(script).some(({ opcode }) => opcode >= 0x4f && opcode <= 0x60),
      "no OP_N",
    ).to.equal(false);
  });

  it("finds the envelopes of public reveal transactions", () => {
    const reveals = publicVector("bitcoin/micro-ordinals-ordinals.json") as Reveal[];
    expect(reveals).to.have.length(5);
    for (const reveal of reveals) {
      const transaction = bitcoin.Transaction.fromHex(reveal.raw_tx);
      const witness = transaction.ins.map((input) => input.witness).find((items) => items.length === 3) ?? [];
      const [envelope] = parseEnvelopes(witness[1] as Uint8Array);
      const [expected] = parseWitness(witness) as Inscription[];
      expect(envelope?.body, reveal.title).to.deep.equal(expected?.body);
      if (reveal.body !== undefined) expect(envelope?.body).to.deep.equal(hexToBytes(reveal.body));
      const valuesOf = (tag: number) =>
        envelope?.fields
          .filter((field) => field.tag.length === 1 && field.tag[0] === tag)
          .map(({ value }) => value) ?? [];
      const tags = reveal.tags ?? expected?.tags;
      expect(new TextDecoder().decode(valuesOf(1)[0])).to.equal(tags?.contentType);
      const parents = valuesOf(3).map((value) => {
        const { txid, index } = decodeInscriptionId(value);
        return `${Buffer.from(txid).reverse().toString("hex")}i${index}`;
      });
      expect(parents).to.deep.equal([tags?.parent ?? []].flat());
    }
  });

  describe("I-INSC-02: refuses every leaf but its own form", () => {
    const leaf = leafOf(600);
    const script = encodeLeafScript(leaf);
    const tag = (n: number) => push(Uint8Array.of(n));
    const head = [
      push(leaf.publicKey),
      Uint8Array.of(Opcode.OP_CHECKSIG, 0, Opcode.OP_IF),
      push(Buffer.from("ord")),
    ];
    const build = (...inside: Uint8Array[]) =>
      concatBytes([...head, ...inside, Uint8Array.of(Opcode.OP_ENDIF)]);
    const contentType = [tag(1), push(Buffer.from("text/plain"))];
    const body = [Uint8Array.of(0), push(Uint8Array.of(7, 8))];

    const refused: [string, Uint8Array, string][] = [
      ["something after it", concatBytes([script, Uint8Array.of(0x51)]), "ENVELOPE_NOT_CANONICAL"],
      ["something before it", concatBytes([Uint8Array.of(0x51, 0x75), script]), "ENVELOPE_KEY_LENGTH"],
      ["two envelopes", concatBytes([script, script]), "ENVELOPE_COUNT"],
      ["none", concatBytes([push(leaf.publicKey), Uint8Array.of(Opcode.OP_CHECKSIG)]), "ENVELOPE_COUNT"],
      ["no end", script.slice(0, -1), "ENVELOPE_COUNT"],
      ["a push cut short", script.slice(0, -9), "SCRIPT_TRUNCATED"],
      ["no content type", build(...body), "ENVELOPE_FIELD_UNEXPECTED"],
      [
        "an unknown tag",
        build(...contentType, tag(5), push(Uint8Array.of(1)), ...body),
        "ENVELOPE_FIELD_UNEXPECTED",
      ],
      ["no body", build(...contentType), "ENVELOPE_BODY_MISSING"],
      [
        "a tag as OP_1",
        build(Uint8Array.of(0x51), contentType[1] as Uint8Array, ...body),
        "ENVELOPE_NOT_CANONICAL",
      ],
      [
        "a short parent",
        build(...contentType, tag(3), push(new Uint8Array(31)), ...body),
        "ENVELOPE_PARENT_INVALID",
      ],
      [
        "a parent in its second form",
        build(...contentType, tag(3), push(concatBytes([new Uint8Array(32), Uint8Array.of(0)])), ...body),
        "ENVELOPE_PARENT_INVALID",
      ],
      [
        "a body in odd pushes",
        build(...contentType, Uint8Array.of(0), tag(7), tag(8)),
        "ENVELOPE_NOT_CANONICAL",
      ],
      ["a long push form", build(...contentType, Uint8Array.of(0, 0x4c, 1, 7)), "ENVELOPE_NOT_CANONICAL"],
      [
        "a content type that is no UTF-8",
        build(tag(1), push(Uint8Array.of(0xff)), ...body),
        "ENVELOPE_NOT_CANONICAL",
      ],
    ];
    it("accepts the form itself", () => {
      expect(parseLeafScript(build(...contentType, ...body)).body).to.deep.equal(Uint8Array.of(7, 8));
    });
    for (const [what, bytes, code] of refused)
      it(`${what}: ${code}`, () => expectError(() => parseLeafScript(bytes), { code }));
  });

  it("gives every inscription id one form", () => {
    for (const index of [0, 1, 255, 256, 65_535, 2 ** 32 - 1]) {
      const id = { txid: random.bytes(32), index };
      expect(decodeInscriptionId(encodeInscriptionId(id))).to.deep.equal(id);
    }
    expectError(() => encodeInscriptionId({ txid: new Uint8Array(31), index: 0 }), {
      code: "ENVELOPE_PARENT_INVALID",
    });
    expectError(() => encodeLeafScript({ ...leafOf(1), publicKey: new Uint8Array(33) }), {
      code: "ENVELOPE_KEY_LENGTH",
      expected: 32,
      actual: 33,
    });
  });
});
