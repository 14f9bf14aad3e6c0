import type { Machine } from "./machine.ts";
import { PRECOMPILES } from "./precompiles/precompiles.ts";
import type { AccessListEntry, TransactionTrace } from "./trace.ts";

type Warm = Pick<TransactionTrace, "warmAccounts" | "warmSlots">;

/**
 * Warms what is warm before the first step: precompiles, sender, recipient or new account (EIP-2929), fee recipient
 * (EIP-3651), access list (EIP-2930). Returns each once, in that order.
 */
export function warmUp(
  { world, environment }: Machine,
  sender: bigint,
  recipient: bigint,
  accessList: readonly AccessListEntry[],
): Warm {
  const accounts = [
    ...PRECOMPILES.keys(),
    sender,
    recipient,
    environment.feeRecipient,
    ...accessList.map(({ address }) => address),
  ];
  const warmAccounts = accounts.filter((address) => world.warm(world.account(address)));
  const warmSlots = accessList
    .flatMap(({ address, slots }) => slots.map((slot) => ({ address, slot })))
    .filter(({ address, slot }) => world.warm(world.slot(world.account(address), slot)));
  return { warmAccounts, warmSlots };
}
