import type { Database } from '@dongbo/db/database.ts'
import { body, dayOff, person, plan, planBody, planPerson } from '@dongbo/db/schema.ts'
import { personKind, planRoleOf, planStatus, validityOf } from '@dongbo/db/grants.ts'
import type { Me } from '@dongbo/api/routes/me.ts'
import type { PlanView } from '@dongbo/api/routes/plan.ts'
import { BODY_KINDS, existsOn, type BodyKind } from '@dongbo/model/body.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { PlanRole } from '@dongbo/model/plan.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import { and, asc, between, eq } from 'drizzle-orm'

export type BodyView = Me['body']

/** What people may know about themselves, their bodies and their plans. */
export interface Directory {
  /** Null when the person is gone. */
  me(personId: PersonId): Promise<Me | null>
  /** Null when there is no such plan or the person has no part in it: both look the same. */
  plan(personId: PersonId, planId: string): Promise<PlanView | null>
  /** Every body in protocol order. */
  bodies(): Promise<readonly BodyView[]>
}

export interface DirectoryFacts {
  today(): PlainDate
  readonly demo: boolean
}

export function databaseDirectory(database: Database, facts: DirectoryFacts): Directory {
  async function partsOf(personId: PersonId) {
    const rows = await database
      .select({ plan, bodyRole: planBody.role, personRole: planPerson.role })
      .from(person)
      .crossJoin(plan)
      .leftJoin(planBody, and(eq(planBody.planId, plan.id), eq(planBody.bodyId, person.bodyId)))
      .leftJoin(planPerson, and(eq(planPerson.planId, plan.id), eq(planPerson.personId, person.id)))
      .where(eq(person.id, personId))
      .orderBy(asc(plan.year), asc(plan.id))
    return rows.flatMap((row) => {
      const role: PlanRole | null = planRoleOf(row.bodyRole, row.personRole)
      return role === null ? [] : [{ plan: row.plan, role }]
    })
  }

  return {
    async me(personId) {
      const [row] = await database
        .select({ person, body })
        .from(person)
        .innerJoin(body, eq(body.id, person.bodyId))
        .where(and(eq(person.id, personId), eq(person.active, true)))
      if (row === undefined) return null
      const parts = await partsOf(personId)
      const today = facts.today()
      return {
        person: {
          id: row.person.id,
          displayName: row.person.displayName,
          email: row.person.email,
          kind: personKind(row.person.kind),
        },
        body: bodyView(row.body),
        rights: { systemAdmin: row.person.systemAdmin, bodyValid: existsOn(validityOf(row.body), today) },
        plans: parts.map(({ plan: { id, titleVi, titleEn, year, status }, role }) => ({
          id,
          title: titleVi,
          titleEn,
          year,
          status: planStatus(status),
          role,
        })),
        today,
        demo: facts.demo,
      }
    },

    async plan(personId, planId) {
      const part = (await partsOf(personId)).find(({ plan: { id } }) => id === planId)
      if (part === undefined) return null
      const { id, titleVi, titleEn, year, status } = part.plan
      const columns = await database
        .select({ body })
        .from(planBody)
        .innerJoin(body, eq(body.id, planBody.bodyId))
        .where(eq(planBody.planId, planId))
        .orderBy(asc(planBody.position))
      const daysOff = await database
        .select()
        .from(dayOff)
        .where(between(dayOff.date, `${year}-01-01`, `${year}-12-31`))
        .orderBy(asc(dayOff.date))
      return {
        id,
        titleVi,
        titleEn,
        year,
        status: planStatus(status),
        role: part.role,
        bodies: columns.map((column) => bodyView(column.body)),
        daysOff,
      }
    },

    async bodies() {
      const rows = await database.select().from(body).orderBy(asc(body.position))
      return rows.map(bodyView)
    },
  }
}

function bodyView(row: typeof body.$inferSelect): BodyView {
  const { id, nameVi, nameEn, abbr, parentId, validFrom, validTo, successorIds } = row
  return { id, kind: bodyKind(row.kind), nameVi, nameEn, abbr, parentId, validFrom, validTo, successorIds }
}

function bodyKind(text: string): BodyKind {
  const kind = BODY_KINDS.find((known) => known === text)
  if (kind === undefined) throw new Error(`unknown kind of body in the database: ${JSON.stringify(text)}`)
  return kind
}
