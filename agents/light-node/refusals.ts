import { StackError } from "../../protocol/errors.ts";

/**
 * The inscription says what is not so. Everyone who reads these bytes refuses them, for ever: the seal moves on, the
 * verified state does not.
 */
export type FalseInscription =
  /** No epoch in it: no inscription, another content type, or bytes that the codec refuses (`reason` = its code). */
  | { code: "INSCRIPTION_MALFORMED"; reason: string }
  | { code: "EPOCH_CHAIN_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "EPOCH_NOT_NEXT"; expected: bigint; actual: bigint }
  | { code: "EPOCH_SKIPS_BLOCKS"; expected: bigint; actual: bigint }
  | {
      code: "EPOCH_PREVIOUS_MISMATCH";
      what: "stateRoot" | "dataHash" | "settlement";
      expected: bigint;
      actual: bigint;
    }
  | { code: "EPOCH_KEY_UNKNOWN"; expected: bigint; actual: bigint }
  | { code: "EPOCH_PROOF_REJECTED"; epoch: bigint }
  /** The data that the epoch itself points to is no batch of Supersonic's blocks. */
  | { code: "EPOCH_DATA_MALFORMED"; pointer: string; reason: string }
  | { code: "EPOCH_DATA_HASH_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "EPOCH_BLOCK_INVALID"; blockNumber: bigint; reason: string }
  | { code: "EPOCH_STATE_ROOT_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "EPOCH_SETTLEMENT_MISMATCH"; expected: bigint; actual: bigint; batches: number };

/** A server withholds or alters what it was asked for. It may answer honestly later: the node stands and asks again. */
export type Withheld =
  | { code: "DATA_MISSING"; pointer: string; reason: string }
  | { code: "DATA_WRONG"; pointer: string }
  /** The witness that bitcoind serves is not the one the commit output was made for. */
  | { code: "WITNESS_NOT_COMMITTED"; txid: string };

/** Nothing this node can do: it stands until a person looks. */
export type Standstill =
  /** The spend of the seal makes no next seal: the chain of epochs ends here. */
  | { code: "SEAL_LOST"; txid: string }
  /** A chain that is followed does not execute to the state its proof settled. */
  | { code: "CHAIN_DATA_MALFORMED"; chain: string; pointer: string; reason: string }
  | { code: "CHAIN_STATE_MISMATCH"; chain: string; blockNumber: bigint; expected: bigint; actual: bigint };

export type RefusalType = FalseInscription | Withheld | Standstill;

/** What follows a refusal: `false` = the inscription is skipped, `withheld` = asked again, `standstill` = nothing. */
export type RefusalKind = "false" | "withheld" | "standstill";

/** A named refusal. Whoever throws it has changed nothing of the verified state. */
export class Refusal extends StackError<RefusalType> {
  readonly kind: RefusalKind;

  private constructor(kind: RefusalKind, type: RefusalType, options?: ErrorOptions) {
    super(type, kind === "standstill" ? "fatal" : "retry", options);
    this.kind = kind;
  }

  static falseInscription(type: FalseInscription, options?: ErrorOptions): Refusal {
    return new Refusal("false", type, options);
  }

  static withheld(type: Withheld, options?: ErrorOptions): Refusal {
    return new Refusal("withheld", type, options);
  }

  static standstill(type: Standstill, options?: ErrorOptions): Refusal {
    return new Refusal("standstill", type, options);
  }
}
