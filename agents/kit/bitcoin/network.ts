/** Bitcoin networks by the name `getblockchaininfo.chain` gives them. */
export const bitcoinNetworks = ["main", "testnet4", "signet", "regtest"] as const;
export type BitcoinNetwork = (typeof bitcoinNetworks)[number];

/** bitcoind's default RPC ports (chainparamsbase.cpp). */
export const defaultRpcPort: Record<BitcoinNetwork, number> = {
  main: 8332,
  testnet4: 48332,
  signet: 38332,
  regtest: 18443,
};

/** Human-readable part of segwit addresses (BIP-173; chainparams.cpp). */
export const addressPrefix: Record<BitcoinNetwork, string> = {
  main: "bc",
  testnet4: "tb",
  signet: "tb",
  regtest: "bcrt",
};
