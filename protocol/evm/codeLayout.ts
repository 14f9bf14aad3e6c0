/**
 * The table of all code of a chunk: the system's row, then the segments, each followed by a row of zeros, where code that
 * runs off its end stops and finds the missing bytes of its last PUSH.
 */
/** Symbols of a row: three elements of the code's commitment (protocol/state/code.ts), one permutation. */
export const ROW_SYMBOLS = 84;

/** Rows of a segment without the gap. */
export const segmentRows = (bytes: number): number => Math.ceil(bytes / ROW_SYMBOLS);

/** Position of the first symbol of a row; row 0 is the first after the system's. */
export const rowPosition = (row: number): number => (row + 1) * ROW_SYMBOLS;
