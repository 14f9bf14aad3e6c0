import { HDNodeWallet, Mnemonic } from "ethers";

/**
 * The development mnemonic that Hardhat, Foundry and Ganache use: everybody knows these keys. Only a network whose Bitcoin is
 * regtest funds them.
 */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";
export const DEV_ACCOUNT_COUNT = 10;

/** Development account `index` (BIP-44 path m/44'/60'/0'/0/index). */
export function devAccount(index: number): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(DEV_MNEMONIC), `m/44'/60'/0'/0/${index}`);
}
