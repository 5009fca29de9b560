import type { Clock } from '@dongbo/kernel/clock.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { Database } from '@dongbo/db/database.ts'
import { person } from '@dongbo/db/schema.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { eq } from 'drizzle-orm'
import { limitedAttempts, type Allowance } from './attempts.ts'
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

/** One person at one place mistypes now and then; a guesser there gets one try a minute. */
const PER_ACCOUNT_AND_ADDRESS: Allowance = { burst: 6, oneMoreAfterMs: 60_000 }
/** A whole office may stand behind one address on a Monday morning. */
const PER_ADDRESS: Allowance = { burst: 120, oneMoreAfterMs: 2_000 }
/** Guessing one account from many addresses. Those from which it has signed in before are exempt: no lock-out. */
const PER_ACCOUNT: Allowance = { burst: 20, oneMoreAfterMs: 90_000 }
/** Hashing is heavy on purpose: more at once would only starve the rest of the server. */
const HASHES_AT_ONCE = 4
/** Who would wait longer than some seconds is better told so. */
const WAITING_LIMIT = 64
const KNOWN_PLACES_KEPT = 20_000

/** The one door in. An unknown account and a wrong password look the same and take the same time. */
export function signInDoor(database: Database, sessions: Sessions, passwords: Passwords, clock: Clock) {
  const atPlace = limitedAttempts(PER_ACCOUNT_AND_ADDRESS, clock)
  const fromAddress = limitedAttempts(PER_ADDRESS, clock)
  const onAccount = limitedAttempts(PER_ACCOUNT, clock)
  const knownPlaces = new Set<string>()
  const waiting: (() => void)[] = []
  let hashing = 0

  async function signIn(claim: Claim): Promise<Result<{ token: string; session: Session }, SignInRefusal>> {
    const email = claim.email.toLowerCase()
    const place = `${email} ${claim.address}`
    const isKnown = knownPlaces.has(place)
    if (waiting.length >= WAITING_LIMIT) return err({ because: 'slow-down', retryAfterMs: 1_000 })
    const waitMs = Math.max(fromAddress.take(claim.address), atPlace.take(place), isKnown ? 0 : onAccount.take(email))
    if (waitMs > 0) return err({ because: 'slow-down', retryAfterMs: waitMs })

    const [account] = await database
      .select({ id: person.id, passwordHash: person.passwordHash, active: person.active })
      .from(person)
      .where(eq(person.email, email))
    const matched = await hashInTurn(() => passwords.matches(claim.password, account?.passwordHash ?? null))
    if (account === undefined || !matched) return err({ because: 'wrong-credentials' })

    fromAddress.refund(claim.address)
    atPlace.refund(place)
    if (!isKnown) onAccount.refund(email)
    if (!account.active) return err({ because: 'account-disabled' })
    remember(place)
    return ok(await sessions.open(trustedId<PersonId>(account.id)))
  }

  async function hashInTurn<T>(work: () => Promise<T>): Promise<T> {
    if (hashing >= HASHES_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    hashing += 1
    try {
      return await work()
    } finally {
      hashing -= 1
      waiting.shift()?.()
    }
  }

  function remember(place: string): void {
    knownPlaces.delete(place)
    knownPlaces.add(place)
    if (knownPlaces.size <= KNOWN_PLACES_KEPT) return
    const [oldest] = knownPlaces
    if (oldest !== undefined) knownPlaces.delete(oldest)
  }

  return { signIn }
}

export type SignInDoor = ReturnType<typeof signInDoor>
