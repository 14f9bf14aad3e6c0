import { expect } from "chai";
import { CEREMONY_G2 } from "../../proving/referenceString/aztec.ts";
import { compileContract } from "../../proving/verifier/compile.ts";
import { useReferenceString } from "../../proving/verifier/useReferenceString.ts";
import { contractName } from "../../proving/verifier/verifier.ts";
import { rejection } from "./smallProgram.ts";

const point = { x: { c0: 1n, c1: 2n }, y: { c0: 3n, c1: 4n } };
const hex = (word: bigint): string => word.toString(16).padStart(64, "0");
const { x, y } = CEREMONY_G2;
const generated = `
  mstore(0x100, 0x${hex(x.c1)})
  mstore(0x120, 0x${hex(x.c0)})
  mstore(0x140, 0x${hex(y.c1)})
  mstore(0x160, 0x${hex(y.c0)})
`;

describe("a generated verifier", () => {
  it("gets the four words of the reference string in use, imaginary parts first", () => {
    expect(useReferenceString(generated, point)).to.equal(`
  mstore(0x100, 0x${hex(2n)})
  mstore(0x120, 0x${hex(1n)})
  mstore(0x140, 0x${hex(4n)})
  mstore(0x160, 0x${hex(3n)})
`);
  });

  it("is refused when a word is missing, comes twice or stands elsewhere", async () => {
    const word = `mstore(0x140, 0x${hex(y.c1)})`;
    const sources: [string, number][] = [
      [generated.replace(word, ""), 0],
      [`${generated}${word}`, 2],
      [generated.replace("0x140", "0x180"), 0],
    ];
    for (const [source, found] of sources) {
      const attempt = Promise.resolve().then(() => useReferenceString(source, point));
      expect(await rejection(attempt, "VERIFIER_SOURCE_UNEXPECTED")).to.include({ looked: word, found });
    }
  });

  it("is named after its program", () => {
    expect(contractName("batch")).to.equal("BatchVerifier");
    expect(contractName("epoch")).to.equal("EpochVerifier");
  });

  it("fails to compile with solc's words, or when it is larger than EIP-170 allows", async () => {
    const compile = (body: string): Promise<unknown> =>
      Promise.resolve().then(() =>
        compileContract(`pragma solidity ^0.8.27; contract Big { ${body} }`, "Big"),
      );
    expect((await rejection(compile("nonsense"), "VERIFIER_COMPILE_FAILED"))["errors"]).to.match(
      /ParserError/,
    );
    const text = "x".repeat(25_000);
    const error = await rejection(
      compile(`function f() external pure returns (string memory) { return "${text}"; }`),
      "VERIFIER_TOO_LARGE",
    );
    expect(error["maxBytes"]).to.equal(24_576);
  });
});
