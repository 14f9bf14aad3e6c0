// Written by node scripts/generateAbis.ts; never edited.
// Source: contracts/verifiers/ProofVerifier.sol, SHA-256 with its imports f5e6a32940a6c6e903e50a6b8ac853d4bf1de56300a000a9d6f471c929396f09
export const proofVerifierAbi = [
  {"inputs":[{"components":[{"internalType":"bytes32","name":"program","type":"bytes32"},{"internalType":"address","name":"verifier","type":"address"}],"internalType":"struct ProofVerifier.Program[]","name":"programs","type":"tuple[]"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"bytes32","name":"previous","type":"bytes32"},{"internalType":"bytes32","name":"next","type":"bytes32"}],"name":"ProgramsNotAscending","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"},{"internalType":"bytes32","name":"publicInputsHash","type":"bytes32"}],"name":"ProofRejected","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"}],"name":"UnknownProgram","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"required","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"}],"name":"VerificationGasMissing","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"},{"internalType":"address","name":"verifier","type":"address"}],"name":"VerifierWithoutCode","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"program","type":"bytes32"},{"indexed":false,"internalType":"address","name":"verifier","type":"address"}],"name":"ProgramAdded","type":"event"},
  {"inputs":[],"name":"VERIFICATION_GAS","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"}],"name":"hasProgram","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"}],"name":"verifierOf","outputs":[{"internalType":"address","name":"verifier","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"program","type":"bytes32"},{"internalType":"bytes32[]","name":"publicInputs","type":"bytes32[]"},{"internalType":"bytes","name":"proof","type":"bytes"}],"name":"verify","outputs":[],"stateMutability":"view","type":"function"},
] as const;
