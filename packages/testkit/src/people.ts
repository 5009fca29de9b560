import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import type { PlanFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'

/** Bodies of the small world that tests play in: culture, tourism and the office of the city committee. */
export const CULTURE = trustedId<BodyId>('svhtt')
export const TOURISM = trustedId<BodyId>('sdl')
export const OFFICE = trustedId<BodyId>('vp-ubnd')
/** A body that has ended. */
export const ENDED = trustedId<BodyId>('sngv')

/** An officer of the tourism department who takes part in the plan, unless said otherwise. */
export function person(differs: Partial<Principal> = {}): Principal {
  const bodyId = differs.bodyId ?? TOURISM
  return {
    personId: trustedId<PersonId>(`${bodyId}-officer`),
    displayName: `Chuyên viên ${bodyId}`,
    bodyId,
    bodyValid: true,
    kind: 'officer',
    planRole: 'member',
    ...differs,
  }
}

/** The coordinator of the plan, of the culture department. */
export function coordinator(differs: Partial<Principal> = {}): Principal {
  return person({
    bodyId: CULTURE,
    personId: trustedId<PersonId>('coordinator'),
    displayName: 'Điều phối viên',
    planRole: 'coordinator',
    ...differs,
  })
}

/** The day on which the small world's tests play. */
export const TODAY = plainDate('2026-11-23')

/** A plan open for amendment, unless said otherwise. */
export function planFacts(differs: Partial<PlanFacts> = {}): PlanFacts {
  return { planStatus: 'amended', liveBodies: new Set([CULTURE, TOURISM, OFFICE]), today: TODAY, ...differs }
}
