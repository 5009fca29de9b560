import { instant, type Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import { ulid } from '@dongbo/kernel/ulid.ts'
import type { Database } from '@dongbo/db/database.ts'
import { body, dayOff, person, plan, planBody, planPerson, setting } from '@dongbo/db/schema.ts'
import { DEMO_PASSWORD, demoAccounts } from '@dongbo/demo/demoAccounts.ts'
import { demoBodies } from '@dongbo/demo/demoBodies.ts'
import { demoDaysOff } from '@dongbo/demo/demoDaysOff.ts'
import { demoMatrix } from '@dongbo/demo/demoMatrix.ts'
import { demoPlan } from '@dongbo/demo/demoPlan.ts'
import { matrixOf } from '@dongbo/model/documentName.ts'
import { seq, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import type { Passwords } from '#access/password.ts'

const DEMO_KEY = 'demo-plan'

export interface SeedParts {
  readonly database: Database
  readonly log: UpdateLog
  readonly passwords: Passwords
  readonly clock: Clock
  readonly random: Random
}

/** Whether nothing was ever entered: neither people nor plans. */
export async function isEmpty(database: Database): Promise<boolean> {
  const people = await database.select({ id: person.id }).from(person).limit(1)
  const plans = await database.select({ id: plan.id }).from(plan).limit(1)
  return people.length === 0 && plans.length === 0
}

/** Whether the database was filled by `seedDemo`: only then does the demo's date make sense. */
export async function holdsDemo(database: Database): Promise<boolean> {
  const settings = await database.select().from(setting)
  return settings.some(({ key, value }) => key === DEMO_KEY && value === demoPlan.id)
}

/** Fills an empty database with the demo plan, its bodies and its accounts. */
export async function seedDemo({ database, log, passwords, clock, random }: SeedParts): Promise<void> {
  // One hash for all: everybody knows this password, so equal hashes give nothing away, and 114 would take half a minute.
  const passwordHash = await passwords.hash(DEMO_PASSWORD)
  // The document first: the settings' row, last in the transaction, says that everything is there. Who is interrupted
  // in between finds an empty database again, and a document that is there already.
  await log.create(
    {
      document: matrixOf(demoPlan.id),
      seq: seq(1),
      update: demoMatrix(),
      personId: null,
      bodyId: null,
      at: instant(clock.now()),
    },
    ulid(clock.now(), random),
  )
  const bodies = demoBodies()
  const accounts = demoAccounts()
  await database.transaction(async (tx) => {
    await tx
      .insert(body)
      .values(bodies.map((one, position) => ({ ...one, successorIds: [...one.successorIds], position })))
    await tx.insert(person).values(
      accounts.map(({ id, bodyId, email, displayName, kind, systemAdmin }) => ({
        id,
        bodyId,
        email,
        displayName,
        kind,
        systemAdmin,
        passwordHash,
      })),
    )
    await tx.insert(plan).values(demoPlan)
    // Ended bodies are columns too: what they were to do stands there. `bodyValid` keeps them from writing.
    await tx
      .insert(planBody)
      .values(bodies.map(({ id }, position) => ({ planId: demoPlan.id, bodyId: id, role: 'member', position })))
    await tx
      .insert(planPerson)
      .values(
        accounts.flatMap(({ id, planRole }) =>
          planRole === null ? [] : [{ planId: demoPlan.id, personId: id, role: planRole }],
        ),
      )
    await tx.insert(dayOff).values([...demoDaysOff()])
    await tx.insert(setting).values({ key: DEMO_KEY, value: demoPlan.id })
  })
}
