import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import type { Body } from '@dongbo/model/body.ts'
import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import { plainDate } from '@dongbo/model/plainDate.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { useEffect, useState, type ReactNode } from 'react'
import { useLive, type LiveDocument } from '#session/liveDocument.ts'
import { mayChange } from '#views/mayChange.ts'
import { matrixRights } from '#views/matrixRights.ts'
import { matrixView } from '#views/matrixView.ts'
import { MatrixContext, type MatrixContextValue } from './MatrixContext.ts'

interface MatrixProviderProps {
  readonly me: Me
  readonly plan: PlanView
  readonly live: LiveDocument
  readonly children: ReactNode
}

/** Builds the plain view of the live matrix and the reader's rights in it; anew when a fresh copy takes its place. */
export function MatrixProvider({ me, plan, live, children }: MatrixProviderProps) {
  const matrix = useLive(live, (view) => view.matrix)
  const [value, setValue] = useState<MatrixContextValue | null>(null)

  useEffect(() => {
    const bodies = plan.bodies.map(asBody)
    const today = plainDate(me.today)
    const view = matrixView(matrix)
    const actor = { person: trustedId<PersonId>(me.person.id), body: trustedId<BodyId>(me.body.id), today }
    const principal: Principal = {
      personId: actor.person,
      displayName: me.person.displayName,
      bodyId: actor.body,
      bodyValid: me.rights.bodyValid,
      kind: me.person.kind,
      planRole: plan.role,
    }
    live.judgeBy(mayChange(principal, { planStatus: plan.status, bodies, today }))
    setValue({
      live,
      view,
      rights: matrixRights({ matrix, principal, planStatus: plan.status, bodies, today }),
      writer: { matrix, origin: live.origin },
      actor,
      me,
      bodies: new Map(bodies.map((body) => [body.id, body])),
      today,
      planYear: plan.year,
      daysOff: new Map(plan.daysOff.map((day) => [day.date, day])),
    })
    return () => {
      setValue(null)
      view.dispose()
    }
  }, [me, plan, live, matrix])

  return value === null ? null : <MatrixContext value={value}>{children}</MatrixContext>
}

function asBody(body: PlanView['bodies'][number]): Body {
  return {
    ...body,
    id: trustedId<BodyId>(body.id),
    parentId: body.parentId === null ? null : trustedId<BodyId>(body.parentId),
    validFrom: body.validFrom === null ? null : plainDate(body.validFrom),
    validTo: body.validTo === null ? null : plainDate(body.validTo),
    successorIds: body.successorIds.map((id) => trustedId<BodyId>(id)),
  }
}
