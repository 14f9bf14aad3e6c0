/**
 * What a proof has room for and what blocks take of it. A program has one or more circuits (profiles), each with a fixed number of
 * places for each kind of work; a block uses some of each. Kinds of work are names here: each program has its own.
 */

/** Units by capacity; 0 where a capacity is not named. */
export type Use = Readonly<Record<string, number>>;

/** A circuit that proves chunks, and how much one proof of it holds. */
export interface Profile {
  /** Of the circuit, as proofs, jobs and keys call it. */
  readonly name: string;
  readonly capacities: Use;
  /** What a proof costs: gates of the circuit. */
  readonly gates: number;
}

/**
 * The circuits of a program, and what it takes to share one among blocks.
 * Assumes: blocks proven together use no more than the sum of what each uses when it is proven alone, and of a capacity in `greatest`
 * no more than the most that one of them uses.
 */
export interface ProofProfiles {
  readonly profiles: readonly Profile[];
  /** Capacities that a chunk's blocks share. */
  readonly greatest: readonly string[];
  /** What a block without transactions uses. Fits each profile. */
  readonly emptyBlock: Use;
  /** What any transaction adds to its block, at least. */
  readonly leastTransaction: Use;
}

/** A capacity that does not suffice. */
export type Shortage = { readonly capacity: string; readonly needed: number; readonly available: number };

/** At most what both use in one proof. */
export function addUse(a: Use, b: Use, greatest: readonly string[]): Use {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const joined = (name: string): number => {
    const [x, y] = [a[name] ?? 0, b[name] ?? 0];
    return greatest.includes(name) ? Math.max(x, y) : x + y;
  };
  return Object.fromEntries([...names].map((name) => [name, joined(name)]));
}

/** The circuit with the fewest gates that holds `use`; of equal ones the first. Undefined: none does. */
export function cheapestProfile({ profiles }: ProofProfiles, use: Use): Profile | undefined {
  let best: Profile | undefined;
  for (const profile of profiles)
    if (shortagesIn(profile, use).length === 0 && (best === undefined || profile.gates < best.gates))
      best = profile;
  return best;
}

/** Why no circuit holds `use`: of the one that comes closest (fewest shortages), the first. Undefined: one does. */
export function shortageOf({ profiles }: ProofProfiles, use: Use): Shortage | undefined {
  const all = profiles.map((profile) => shortagesIn(profile, use)).sort((a, b) => a.length - b.length);
  return all[0]?.[0];
}

const shortagesIn = ({ capacities }: Profile, use: Use): Shortage[] =>
  Object.entries(use)
    .map(([capacity, needed]) => ({ capacity, needed, available: capacities[capacity] ?? 0 }))
    .filter(({ needed, available }) => needed > available);
