import { bytesToHex } from "@noble/hashes/utils.js";
import { keccak256 } from "../../../../agents/kit/execution/keccak256.ts";
import { encodeBytes, encodeList } from "../../../../protocol/evm/machine/rlp.ts";
import type { Log } from "../../../../protocol/evm/machine/trace.ts";
import { uintToBytes, wordToBytes } from "../../../../protocol/evm/machine/word.ts";

/** keccak256 of the RLP of the logs, as Ethereum's tests have it. */
export const logsHash = (logs: readonly Log[]): string => `0x${bytesToHex(keccak256(encodeLogs(logs)))}`;

const encodeLogs = (logs: readonly Log[]): Uint8Array =>
  encodeList(
    logs.map(({ address, topics, data }) =>
      encodeList([
        encodeBytes(uintToBytes(address, 20)),
        encodeList(topics.map((topic) => encodeBytes(wordToBytes(topic)))),
        encodeBytes(data),
      ]),
    ),
  );
