import type { Instant } from '@dongbo/kernel/clock.ts'
import type { Backlog } from './backlog.ts'
import type { Submission } from './judge.ts'
import type { MemberId } from './state.ts'

/** An update of one of our own connections that nobody has judged yet. */
export interface Pending {
  readonly request: number
  readonly submission: Submission
  /** When its judge was asked last; null when he has not been. */
  askedAt: Instant | null
}

/** What this node's people have written and no judge has answered yet, oldest first. */
export class PendingUpdates {
  readonly #backlog: Backlog
  #list: Pending[] = []
  #lastRequest = 0

  constructor(backlog: Backlog) {
    this.#backlog = backlog
  }

  get size(): number {
    return this.#list.length
  }

  get all(): readonly Pending[] {
    return this.#list
  }

  /** When whoever has waited for an answer for longest was asked; null when nobody waits for one. */
  get oldestAskedAt(): Instant | null {
    let oldest: Instant | null = null
    for (const { askedAt } of this.#list)
      if (askedAt !== null && (oldest === null || askedAt < oldest)) oldest = askedAt
    return oldest
  }

  add(submission: Submission): Pending {
    const pending = this.#numbered(submission)
    this.#list.push(pending)
    return pending
  }

  /** These came before everything that waits here. */
  putBack(submissions: readonly Submission[]): void {
    this.#list = [...submissions.map((submission) => this.#numbered(submission)), ...this.#list]
  }

  find(request: number): Pending | null {
    return this.#list.find((pending) => pending.request === request) ?? null
  }

  /** The request of the same connection before this one; 0 when there is none. */
  before({ request, submission: { member } }: Pending): number {
    let before = 0
    for (const pending of this.#list) {
      if (pending.request === request) break
      if (pending.submission.member === member) before = pending.request
    }
    return before
  }

  /** Hands all of it over to whoever judges it now. */
  takeAll(): readonly Pending[] {
    const all = this.#list
    this.#list = []
    return all
  }

  answered(pending: Pending): void {
    this.#drop((other) => other === pending)
  }

  /** Nothing more is judged of a connection. */
  dropOf(member: MemberId): void {
    this.#drop(({ submission }) => submission.member === member)
  }

  dropAll(): void {
    this.#drop(() => true)
  }

  #numbered(submission: Submission): Pending {
    this.#lastRequest += 1
    return { request: this.#lastRequest, submission, askedAt: null }
  }

  #drop(isSettled: (pending: Pending) => boolean): void {
    for (const pending of this.#list) if (isSettled(pending)) this.#backlog.leave(pending.submission.ticket)
    this.#list = this.#list.filter((pending) => !isSettled(pending))
  }
}
