/**
 * Who will check the proof: another circuit (410 field elements, Poseidon2 transcript) or Solidity (7,776 bytes, Keccak
 * transcript). Both without zero knowledge: everything proven is published anyway, and it saves a quarter of the time.
 */
export type Target = "noir-recursive-no-zk" | "evm-no-zk";
