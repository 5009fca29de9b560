import type { Clock } from '@dongbo/kernel/clock.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { Database } from '@dongbo/db/database.ts'
import { knownPlace, person } from '@dongbo/db/schema.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { and, eq } from 'drizzle-orm'
import { limitedAttempts, refundAll, takeAll, type Allowance, type Tries } from './attempts.ts'
import { placeOf, rememberPlace } from './knownPlaces.ts'
import { networkOf } from './network.ts'
import type { Passwords } from './password.ts'
import type { Session, Sessions } from './sessions.ts'

export type SignInRefusal =
  | { readonly because: 'wrong-credentials' | 'account-disabled' }
  | { readonly because: 'slow-down'; readonly retryAfterMs: number }

/** Somebody who says who he is. `address` is where he calls from. */
export interface Claim {
  readonly email: string
  readonly password: string
  readonly address: string
}

/** One person at one place mistypes now and then; a guesser there gets twenty tries an hour. */
const PER_ACCOUNT_AND_NETWORK: Allowance = { burst: 6, oneMoreAfterMs: 180_000 }
/** A whole office may stand behind one address on a Monday morning. */
const PER_NETWORK: Allowance = { burst: 120, oneMoreAfterMs: 2_000 }
/**
 * Guessing one account from many networks: less than a hundred tries an hour. More than four times what one network may
 * use up, so that no guesser alone keeps anybody out.
 */
const PER_ACCOUNT: Allowance = { burst: 20, oneMoreAfterMs: 40_000 }
/** Hashing is heavy on purpose: more at once would only starve the rest of the server. */
const HASHES_AT_ONCE = 4
/** Who would wait longer than some seconds is better told so. */
const WAITING_LIMIT = 64

/**
 * The one door in. An unknown account and a wrong password look the same and take the same time. Where a person has
 * signed in before he is slowed by his own mistakes there and by nobody else's: guessing does not lock him out.
 */
export function signInDoor(database: Database, sessions: Sessions, passwords: Passwords, clock: Clock) {
  const atPlace = limitedAttempts(PER_ACCOUNT_AND_NETWORK, clock)
  const fromNetwork = limitedAttempts(PER_NETWORK, clock)
  const onAccount = limitedAttempts(PER_ACCOUNT, clock)
  const waiting: (() => void)[] = []
  let hashing = 0

  async function signIn(claim: Claim): Promise<Result<{ token: string; session: Session }, SignInRefusal>> {
    const email = claim.email.toLowerCase()
    const network = networkOf(claim.address)
    const place = placeOf(network)
    if (waiting.length >= WAITING_LIMIT) return err({ because: 'slow-down', retryAfterMs: 1_000 })
    const [account] = await database
      .select({ id: person.id, passwordHash: person.passwordHash, active: person.active, known: knownPlace.place })
      .from(person)
      .leftJoin(knownPlace, and(eq(knownPlace.personId, person.id), eq(knownPlace.place, place)))
      .where(eq(person.email, email))

    const here: Tries = [[atPlace, `${email} ${network}`]]
    const isKnown = account !== undefined && account.known !== null
    const tries: Tries = isKnown ? here : [...here, [fromNetwork, network], [onAccount, email]]
    const waitMs = takeAll(tries)
    if (waitMs > 0) return err({ because: 'slow-down', retryAfterMs: waitMs })

    const matched = await hashInTurn(() => passwords.matches(claim.password, account?.passwordHash ?? null))
    if (account === undefined || !matched) return err({ because: 'wrong-credentials' })

    refundAll(tries)
    if (!account.active) return err({ because: 'account-disabled' })
    await rememberPlace(database, account.id, place, clock.now())
    return ok(await sessions.open(trustedId<PersonId>(account.id)))
  }

  async function hashInTurn<T>(work: () => Promise<T>): Promise<T> {
    if (hashing < HASHES_AT_ONCE) hashing += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // The turn is handed on, not given up: nobody can come in between.
      const next = waiting.shift()
      if (next === undefined) hashing -= 1
      else next()
    }
  }

  return { signIn }
}

export type SignInDoor = ReturnType<typeof signInDoor>
