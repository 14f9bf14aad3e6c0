// Written by node scripts/generateAbis.ts; never edited.
// Source: contracts/da/DataAvailabilityCommittee.sol, SHA-256 with its imports bbca6fdf17f30689929c78cfa5855ab166b1f294279580457051f2eaca7aac00
export const dataAvailabilityCommitteeAbi = [
  {"inputs":[{"internalType":"address[]","name":"members_","type":"address[]"},{"internalType":"uint256","name":"threshold_","type":"uint256"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"signatureLength","type":"uint256"},{"internalType":"uint256","name":"length","type":"uint256"}],"name":"AttestationsLengthWrong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"required","type":"uint256"},{"internalType":"uint256","name":"supplied","type":"uint256"}],"name":"CommitteeThresholdNotMet","type":"error"},
  {"inputs":[],"name":"ECDSAInvalidSignature","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"ECDSAInvalidSignatureLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"ECDSAInvalidSignatureS","type":"error"},
  {"inputs":[],"name":"InvalidShortString","type":"error"},
  {"inputs":[{"internalType":"address","name":"previous","type":"address"},{"internalType":"address","name":"next","type":"address"}],"name":"MembersNotAscending","type":"error"},
  {"inputs":[{"internalType":"address","name":"signer","type":"address"}],"name":"NotACommitteeMember","type":"error"},
  {"inputs":[{"internalType":"address","name":"previous","type":"address"},{"internalType":"address","name":"next","type":"address"}],"name":"SignersNotAscending","type":"error"},
  {"inputs":[{"internalType":"string","name":"str","type":"string"}],"name":"StringTooLong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"threshold","type":"uint256"},{"internalType":"uint256","name":"members","type":"uint256"}],"name":"ThresholdOutOfRange","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address[]","name":"members","type":"address[]"},{"indexed":false,"internalType":"uint256","name":"threshold","type":"uint256"}],"name":"CommitteeCreated","type":"event"},
  {"anonymous":false,"inputs":[],"name":"EIP712DomainChanged","type":"event"},
  {"inputs":[{"components":[{"internalType":"address","name":"rollup","type":"address"},{"internalType":"uint64","name":"chainId","type":"uint64"},{"internalType":"bytes32","name":"prevDataHash","type":"bytes32"},{"internalType":"bytes32","name":"dataHash","type":"bytes32"},{"internalType":"uint32","name":"dataLength","type":"uint32"},{"internalType":"bytes","name":"dataPointer","type":"bytes"},{"internalType":"bytes32","name":"innerProofHash","type":"bytes32"}],"internalType":"struct Publication","name":"publication","type":"tuple"},{"internalType":"bytes","name":"attestations","type":"bytes"}],"name":"assertPublished","outputs":[],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"eip712Domain","outputs":[{"internalType":"bytes1","name":"fields","type":"bytes1"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"version","type":"string"},{"internalType":"uint256","name":"chainId","type":"uint256"},{"internalType":"address","name":"verifyingContract","type":"address"},{"internalType":"bytes32","name":"salt","type":"bytes32"},{"internalType":"uint256[]","name":"extensions","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"isMember","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"members","outputs":[{"internalType":"address[]","name":"","type":"address[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"address","name":"rollup","type":"address"},{"internalType":"uint64","name":"chainId","type":"uint64"},{"internalType":"bytes32","name":"prevDataHash","type":"bytes32"},{"internalType":"bytes32","name":"dataHash","type":"bytes32"},{"internalType":"uint32","name":"dataLength","type":"uint32"},{"internalType":"bytes","name":"dataPointer","type":"bytes"},{"internalType":"bytes32","name":"innerProofHash","type":"bytes32"}],"internalType":"struct Publication","name":"publication","type":"tuple"}],"name":"publicationDigest","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"threshold","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
] as const;
