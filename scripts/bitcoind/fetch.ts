// Prints the path of the bitcoind the stack would start, fetching it when the machine has none.
import { findBitcoind } from "../../agents/kit/bitcoin/findBitcoind.ts";

console.log(await findBitcoind((line) => console.error(line)));
