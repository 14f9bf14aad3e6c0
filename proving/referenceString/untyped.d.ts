/** The parts used of two packages that come without types. */
declare module "ffjavascript" {
  type Point = Uint8Array;
  interface Group {
    readonly g: Point;
    readonly zero: Point;
    add(a: Point, b: Point): Point;
    neg(a: Point): Point;
    toAffine(a: Point): Point;
    fromRprUncompressed(buffer: Uint8Array, offset: number): Point;
    toRprUncompressed(buffer: Uint8Array, offset: number, point: Point): void;
    fromRprLEM(buffer: Uint8Array, offset: number): Point;
    toObject(point: Point): [bigint, bigint] | [[bigint, bigint], [bigint, bigint]];
    isValid(a: Point): boolean;
    eq(a: Point, b: Point): boolean;
    timesFr(point: Point, scalar: Uint8Array): Point;
    /** Uncompressed big endian to the library's own form, and back; on all threads. */
    batchUtoLEM(points: Uint8Array): Promise<Uint8Array>;
    batchLEMtoU(points: Uint8Array): Promise<Uint8Array>;
    batchApplyKey(points: Uint8Array, first: Uint8Array, increment: Uint8Array): Promise<Uint8Array>;
    /** Scalars are little endian, all of the same length. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Point>;
  }
  export interface Curve {
    readonly G1: Group;
    readonly G2: Group;
    readonly Fr: { readonly one: Uint8Array; fromObject(value: bigint): Uint8Array };
    /** e(a1, b1) * e(a2, b2) * ... = 1. */
    pairingEq(...points: Point[]): Promise<boolean>;
    terminate(): Promise<void>;
  }
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
}

declare module "snarkjs" {
  import type { Curve } from "ffjavascript";
  type Logger = Record<"info" | "debug" | "error" | "warn", (message: string) => void>;
  export const powersOfTau: {
    newAccumulator(curve: Curve, power: number, path: string, logger?: Logger): Promise<void>;
    contribute(
      oldPath: string,
      newPath: string,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<void>;
  };
}
