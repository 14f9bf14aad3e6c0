import { expect } from "chai";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBlobStore } from "../../../agents/kit/da/blobStore.ts";
import { commitmentOfHash, formatCommitment, keccakCommitment } from "../../../agents/kit/da/commitment.ts";
import { StackError } from "../../../protocol/errors.ts";

describe("blob store", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "bvm-da-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const data = Buffer.from("what was published");

  it("names data by 00 || keccak256", () => {
    // keccak256("") from the yellow paper
    expect(formatCommitment(keccakCommitment(new Uint8Array()))).to.equal(
      "0x00c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
  });

  it("gives back what was put, also after reopening", async () => {
    const commitment = await (await openBlobStore(folder)).put(data);
    const reopened = await openBlobStore(folder);
    expect(Buffer.from(await reopened.get(commitment))).to.deep.equal(data);
  });

  it("writes one file for the same data put many times at once, and leaves no temporary file", async () => {
    const store = await openBlobStore(folder);
    await Promise.all(Array.from({ length: 20 }, () => store.put(data)));
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.includes("/"));
    expect(files).to.have.length(1);
  });

  it("reports what was never put", async () => {
    const store = await openBlobStore(folder);
    const commitment = keccakCommitment(data);
    const error = await refusal(store.get(commitment));
    expect(error.type).to.deep.equal({ code: "DA_NOT_FOUND", commitment: formatCommitment(commitment) });
  });

  it("never serves a damaged file, and heals it when the data is put again", async () => {
    const store = await openBlobStore(folder);
    const commitment = await store.put(data);
    const hash = formatCommitment(commitment).slice(4);
    await writeFile(join(folder, hash.slice(0, 2), hash), "something else");
    const error = await refusal(store.get(commitment));
    expect(error.type).to.deep.equal({
      code: "DA_CONTENT_MISMATCH",
      commitment: formatCommitment(commitment),
      actual: formatCommitment(keccakCommitment(Buffer.from("something else"))),
    });
    await store.put(data);
    expect(Buffer.from(await store.get(commitment))).to.deep.equal(data);
  });

  it("refuses a commitment of another kind", () => {
    expect(() => commitmentOfHash(new Uint8Array(31))).to.throw(StackError, "DA_COMMITMENT_INVALID");
  });
});

async function refusal(promise: Promise<unknown>): Promise<StackError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StackError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}
