import { connect, type Store } from '@dongbo/db/connect.ts'
import { plan, planBody, planPerson } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { demoPlan } from '@dongbo/demo/demoPlan.ts'
import { instant } from '@dongbo/kernel/clock.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { eq } from 'drizzle-orm'

/** Adds plans with the demo's bodies, people and matrix to a store that holds the demo. Returns their documents. */
export async function addPlans(store: Store, count: number): Promise<readonly DocumentName[]> {
  const connection = await connect(store)
  try {
    const { database } = connection
    const bodies = await database.select().from(planBody).where(eq(planBody.planId, demoPlan.id))
    const people = await database.select().from(planPerson).where(eq(planPerson.planId, demoPlan.id))
    const log = databaseUpdateLog(database)
    const documents: DocumentName[] = []
    for (let number = 0; number < count; number++) {
      const id = trustedId<PlanId>(`extra-${number}`)
      await database.insert(plan).values({ ...demoPlan, id })
      await database.insert(planBody).values(bodies.map((row) => ({ ...row, planId: id })))
      await database.insert(planPerson).values(people.map((row) => ({ ...row, planId: id })))
      const document = matrixOf(id)
      const at = instant(0)
      await log.create({ document, seq: seq(1), update: demoMatrix(), personId: null, bodyId: null, at }, 'extra')
      documents.push(document)
    }
    return documents
  } finally {
    await connection.close()
  }
}
