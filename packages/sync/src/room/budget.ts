import type { Instant } from '@dongbo/kernel/clock.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import {
  PERSON_WINDOW_ASKS,
  PERSON_WINDOW_BYTES,
  PERSON_WINDOW_JOINS,
  PERSON_WINDOW_MESSAGES,
  RATE_WINDOW_ASKS,
  RATE_WINDOW_BYTES,
  RATE_WINDOW_MESSAGES,
  RATE_WINDOW_MS,
} from '@dongbo/protocol/limits.ts'

/** What costs a server something. */
interface Cost {
  readonly messages: number
  readonly bytes: number
  /** Asks for the document: three bytes ask for all of it. */
  readonly asks: number
  readonly joins: number
}

const SOCKET: Cost = {
  messages: RATE_WINDOW_MESSAGES,
  bytes: RATE_WINDOW_BYTES,
  asks: RATE_WINDOW_ASKS,
  joins: 1,
}

const PERSON: Cost = {
  messages: PERSON_WINDOW_MESSAGES,
  bytes: PERSON_WINDOW_BYTES,
  asks: PERSON_WINDOW_ASKS,
  joins: PERSON_WINDOW_JOINS,
}

/** What may be spent in one window of `RATE_WINDOW_MS`, and what has been. */
export class Budget {
  readonly #allowed: Cost
  #since: Instant
  #messages = 0
  #bytes = 0
  #asks = 0
  #joins = 0

  constructor(allowed: Cost, now: Instant) {
    this.#allowed = allowed
    this.#since = now
  }

  static ofSocket(now: Instant): Budget {
    return new Budget(SOCKET, now)
  }

  /** One message has come. False when that is more than is allowed: the socket has to be closed with `slow-down`. */
  receives(bytes: number, asks: boolean, now: Instant): boolean {
    this.#renew(now)
    this.#messages++
    this.#bytes += bytes
    if (asks) this.#asks++
    const { messages, bytes: most, asks: questions } = this.#allowed
    return this.#messages <= messages && this.#bytes <= most && this.#asks <= questions
  }

  /** One socket comes in. */
  joins(now: Instant): boolean {
    this.#renew(now)
    this.#joins++
    return this.#joins <= this.#allowed.joins
  }

  /** A clock that was set back is no reason to wait until it has caught up. */
  isOver(now: Instant): boolean {
    return now - this.#since >= RATE_WINDOW_MS || now < this.#since
  }

  #renew(now: Instant): void {
    if (!this.isOver(now)) return
    this.#since = now
    this.#messages = this.#bytes = this.#asks = this.#joins = 0
  }
}

/** So many budgets are kept before those that are over are looked for. */
const SWEEP_AT_PEOPLE = 1_000

/** One budget for each person, over all his sockets and however often he comes anew. */
export class PersonBudgets {
  readonly #budgets = new Map<PersonId, Budget>()

  of(person: PersonId, now: Instant): Budget {
    const known = this.#budgets.get(person)
    if (known !== undefined) return known
    if (this.#budgets.size >= SWEEP_AT_PEOPLE) this.#sweep(now)
    const budget = new Budget(PERSON, now)
    this.#budgets.set(person, budget)
    return budget
  }

  #sweep(now: Instant): void {
    for (const [person, budget] of this.#budgets) if (budget.isOver(now)) this.#budgets.delete(person)
  }
}
