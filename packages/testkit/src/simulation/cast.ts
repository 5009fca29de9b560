import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { coordinator, CULTURE, OFFICE, person, TOURISM } from '../people.ts'
import { CAST_SIZE } from './script.ts'

export interface Part {
  readonly principal: Principal
  readonly sessionId: string
}

/**
 * Who plays in every simulated world: a coordinator, an officer of tourism with two pages open, the approver of the
 * office, an observer, and two hostile officers with clients of their own making.
 */
export const CAST: readonly Part[] = [
  { principal: coordinator(), sessionId: 'coordinator' },
  { principal: person(), sessionId: 'tourism-1' },
  { principal: person(), sessionId: 'tourism-2' },
  {
    principal: person({ bodyId: OFFICE, personId: trustedId<PersonId>('office-approver'), kind: 'approver' }),
    sessionId: 'office',
  },
  {
    principal: person({ bodyId: CULTURE, personId: trustedId<PersonId>('observer'), planRole: 'observer' }),
    sessionId: 'observer',
  },
  { principal: person({ bodyId: OFFICE, personId: trustedId<PersonId>('hostile-office') }), sessionId: 'hostile-1' },
  { principal: person({ bodyId: TOURISM, personId: trustedId<PersonId>('hostile-tourism') }), sessionId: 'hostile-2' },
]

if (CAST.length !== CAST_SIZE) throw new Error('scripts are written for a cast of another size')
