import { kindOf, subjectOf } from '@dongbo/model/documentName.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import { existsOn, type Body } from '@dongbo/model/body.ts'
import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import { PLAN_STATUSES, type PlanRole, type PlanStatus } from '@dongbo/model/plan.ts'
import { plainDate, type PlainDate } from '@dongbo/model/plainDate.ts'
import type { Grant, Grants } from '@dongbo/sync/ports/grants.ts'
import { and, eq, gt, sql, type SQL } from 'drizzle-orm'
import { alias, type PgTable } from 'drizzle-orm/pg-core'
import type { Database } from './database.ts'
import { body, person, plan, planBody, planPerson, session } from './schema.ts'

export interface RightsTime {
  /** Epoch milliseconds. */
  now(): number
  /** The civil date in Viet Nam that decides which bodies exist. */
  today(): PlainDate
  /** A session without activity for this long is over. */
  readonly idleLimitMs: number
}

/** Who may open what, from the tables. */
export function databaseGrants(database: Database, time: RightsTime): Grants {
  const statement = grantStatement(database)
  return {
    async grantFor(sessionId, name) {
      const planId = planOf(name)
      if (planId === null) return null
      const [row] = await statement.execute({
        sessionId,
        planId,
        now: new Date(time.now()).toISOString(),
        idleSince: new Date(time.now() - time.idleLimitMs).toISOString(),
      })
      if (row === undefined) return null
      const planRole = planRoleOf(row.bodyRole, row.personRole)
      if (planRole === null) return null
      const today = time.today()
      return {
        principal: {
          personId: trustedId<PersonId>(row.personId),
          displayName: row.displayName,
          bodyId: trustedId<BodyId>(row.bodyId),
          bodyValid: existsOn(validityOf(row), today),
          kind: personKind(row.kind),
          planRole,
        },
        plan: {
          planStatus: planStatus(row.planStatus),
          today,
          liveBodies: new Set(
            columnsIn(row.columns)
              .filter((column) => existsOn(validityOf(column), today))
              .map((column) => trustedId<BodyId>(column.id)),
          ),
        },
      }
    },
  }
}

/** Asked at every opening: one statement, put together and planned once. */
function grantStatement(database: Database) {
  const column = alias(body, 'column_body')
  const ofPlan = alias(planBody, 'column_of_plan')
  const columns = database
    .select({
      all: sql`coalesce(json_agg(json_build_array(${column.id}, ${column.validFrom}, ${column.validTo})), '[]')::text`,
    })
    .from(ofPlan)
    .innerJoin(column, eq(column.id, ofPlan.bodyId))
    .where(eq(ofPlan.planId, plan.id))
  return database
    .select({
      personId: person.id,
      displayName: person.displayName,
      kind: person.kind,
      bodyId: body.id,
      validFrom: body.validFrom,
      validTo: body.validTo,
      planStatus: plan.status,
      bodyRole: planBody.role,
      personRole: planPerson.role,
      columns: sql<string>`(${columns})`,
    })
    .from(session)
    .innerJoin(person, eq(person.id, session.personId))
    .innerJoin(body, eq(body.id, person.bodyId))
    .innerJoin(plan, eq(plan.id, sql.placeholder('planId')))
    .leftJoin(planBody, and(eq(planBody.planId, plan.id), eq(planBody.bodyId, body.id)))
    .leftJoin(planPerson, and(eq(planPerson.planId, plan.id), eq(planPerson.personId, person.id)))
    .where(
      and(
        eq(session.id, sql.placeholder('sessionId')),
        eq(person.active, true),
        gt(session.expiresAt, sql.placeholder('now')),
        gt(session.lastSeenAt, sql.placeholder('idleSince')),
      ),
    )
    .prepare('grant_for')
}

/** The bodies of a plan, as `grantStatement` writes them. */
function columnsIn(json: string) {
  const columns = JSON.parse(json) as [id: string, validFrom: string | null, validTo: string | null][]
  return columns.map(([id, validFrom, validTo]) => ({ id, validFrom, validTo }))
}

/** One line over everything that rights are made of, sessions aside: another line, other rights. */
export async function rightsFingerprint(database: Database): Promise<string> {
  const whole = (table: PgTable, key: SQL) =>
    sql`(select coalesce(md5(string_agg(row::text, ',' order by ${key})), '') from ${table} as row)`
  const [line] = await database
    .select({
      text: sql<string>`${whole(plan, sql`row.id`)} || ${whole(planBody, sql`row.plan_id, row.body_id`)}
      || ${whole(planPerson, sql`row.plan_id, row.person_id`)} || ${whole(body, sql`row.id`)}
      || (select coalesce(md5(string_agg(concat_ws(' ', id, body_id, kind, active), ',' order by id)), '') from ${person})`,
    })
    .from(sql`(select 1) as one`)
  return line?.text ?? ''
}

/** A person's own part in a plan goes before that of his body; null when neither takes part. */
export function planRoleOf(bodyRole: string | null, personRole: string | null): PlanRole | null {
  const role = personRole ?? bodyRole
  return role === 'coordinator' || role === 'member' || role === 'observer' ? role : null
}

export function planStatus(text: string): PlanStatus {
  const status = PLAN_STATUSES.find((known) => known === text)
  if (status === undefined) throw new Error(`unknown plan status in the database: ${JSON.stringify(text)}`)
  return status
}

export function personKind(text: string): Grant['principal']['kind'] {
  if (text === 'officer' || text === 'approver' || text === 'body_admin') return text
  throw new Error(`unknown kind of person in the database: ${JSON.stringify(text)}`)
}

export function validityOf(row: {
  validFrom: string | null
  validTo: string | null
}): Pick<Body, 'validFrom' | 'validTo'> {
  const dateOf = (text: string | null) => (text === null ? null : plainDate(text))
  return { validFrom: dateOf(row.validFrom), validTo: dateOf(row.validTo) }
}

/** The other kinds of document do not exist yet: nobody may open them. */
function planOf(name: DocumentName): string | null {
  return kindOf(name) === 'matrix' ? subjectOf(name) : null
}
