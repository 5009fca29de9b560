import type { Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import { ulid } from '@dongbo/kernel/ulid.ts'
import { trustedId, type ProposalId } from '@dongbo/model/ids.ts'
import { propose, type Actor } from '@dongbo/model/matrix/operations/propose.ts'
import type { ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import type { Writer } from './writer.ts'

/**
 * Asks for a change of a place in my own name. False when there is nothing to ask: the value cannot stand there, or it
 * stands there already.
 */
export function proposeChange(
  writer: Writer,
  asked: { readonly place: ProposalPlace; readonly value: unknown; readonly reason: string },
  by: Actor,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): boolean {
  const id = trustedId<ProposalId>(ulid(clock.now(), random))
  return propose(writer.matrix, { id, ...asked }, by, writer.origin)
}
