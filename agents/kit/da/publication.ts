import { recoverAddress, Signature, TypedDataEncoder, type SigningKey, type TypedDataDomain } from "ethers";
import { z } from "zod";
import { fieldToHex } from "../../../protocol/field.ts";

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`));
const field = hex(32).transform(BigInt);

/**
 * What a member of the DA committee signs: that the data of one batch and the inner proof of its statement can be fetched.
 * As in contracts/da/IDataAvailability.sol; this is also the body of `POST /attest`, hashes as 32-byte hex.
 */
export const publicationSchema = z.strictObject({
  rollup: hex(20),
  chainId: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
  prevDataHash: field,
  dataHash: field,
  /** Bytes of the batch in its wire format, before compression. */
  dataLength: z.number().int().positive().max(0xffff_ffff),
  /** The commitment under which the compressed batch lies. */
  dataPointer: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})+$/)
    .max(2 + 2 * 256),
  innerProofHash: hex(32),
});

export type Publication = z.output<typeof publicationSchema>;
export type PublicationJson = z.input<typeof publicationSchema>;

export const publicationToJson = (publication: Publication): PublicationJson => ({
  ...publication,
  chainId: publication.chainId.toString(),
  prevDataHash: fieldToHex(publication.prevDataHash),
  dataHash: fieldToHex(publication.dataHash),
});

/** The committee contract whose members sign, and the chain it is on. */
export interface CommitteeRef {
  address: string;
  chainId: bigint;
}

const TYPES = {
  Publication: [
    { name: "rollup", type: "address" },
    { name: "chainId", type: "uint64" },
    { name: "prevDataHash", type: "bytes32" },
    { name: "dataHash", type: "bytes32" },
    { name: "dataLength", type: "uint32" },
    { name: "dataPointer", type: "bytes" },
    { name: "innerProofHash", type: "bytes32" },
  ],
};

const domain = ({ address, chainId }: CommitteeRef): TypedDataDomain => ({
  name: "Supersonic Data Availability",
  version: "1",
  chainId,
  verifyingContract: address,
});

/** EIP-712 digest, as `DataAvailabilityCommittee.publicationDigest`. */
export const publicationDigest = (committee: CommitteeRef, publication: Publication): string =>
  TypedDataEncoder.hash(domain(committee), TYPES, publicationToJson(publication));

/** 65 bytes hex: r | s | v (27 or 28, s in the lower half), as the contract reads it. */
export const signPublication = (key: SigningKey, committee: CommitteeRef, publication: Publication): string =>
  key.sign(publicationDigest(committee, publication)).serialized;

/** Who signed. Throws ethers' INVALID_ARGUMENT when it is no signature. */
export const publicationSigner = (
  committee: CommitteeRef,
  publication: Publication,
  signature: string,
): string => recoverAddress(publicationDigest(committee, publication), Signature.from(signature));
