import type { Instant } from '@dongbo/kernel/clock.ts'
import type { Grant } from '../ports/grants.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { Backlog } from './backlog.ts'
import type { Submission } from './judge.ts'
import type { Answer, DistantMember, Forwarded } from './notices.ts'
import { readingOnly } from './seats.ts'
import type { MemberId } from './state.ts'

interface Item {
  readonly forwarded: Forwarded
  readonly submission: Submission
  /** Judged and in; final once everything up to here is durable. */
  upTo: Seq | null
  /** Final by itself. */
  answer: Answer | null
}

interface Author {
  readonly id: MemberId
  readonly member: DistantMember
  readonly sessionId: string
  /** By the rights that he has now. */
  grant: Grant
  /** Not yet answered, oldest first. */
  readonly items: Item[]
}

interface Known {
  readonly heardAt: Instant
  /** The newest request of the connection that was taken: a hole before the next one means that one was lost. */
  readonly taken: number
  /** Set when its copy is ahead of ours for ever, by what: what it sent behind that must not come in. */
  readonly ended: { readonly request: number; readonly answer: Answer } | null
}

/**
 * Nothing tells this node that a connection elsewhere is gone. One that is forgotten too early only has to ask again: what
 * it sends next names a request before it that was not taken here.
 */
const KNOWN_MS = 60_000

const keyOf = ({ node, room, member }: DistantMember): string => `${node} ${room} ${member}`

/**
 * Updates that other nodes sent here to be judged. Each connection there gets a number of its own here, below zero, and
 * its answers in the order of its updates, each only when nothing can change it any more.
 */
export class ForwardedUpdates {
  readonly #backlog: Backlog
  readonly #answer: (forwarded: Forwarded, answer: Answer) => void
  /** Those who wait for an answer. */
  readonly #waiting = new Map<string, Author>()
  readonly #items = new Map<Submission, Item>()
  /** Those who have sent something lately, in the order in which they last did. */
  readonly #known = new Map<string, Known>()
  #lastId: MemberId = 0

  constructor(backlog: Backlog, answer: (forwarded: Forwarded, answer: Answer) => void) {
    this.#backlog = backlog
    this.#answer = answer
  }

  /**
   * Null when it is being judged already, or one before it was lost, which comes again with it, or nothing more is taken
   * from its author.
   */
  take(forwarded: Forwarded, grant: Grant, now: Instant): Submission | null {
    this.#forgetOld(now)
    const key = keyOf(forwarded.author)
    const { request, previous, sessionId, update, reply, doubtedId } = forwarded
    const { taken, ended } = this.#known.get(key) ?? { taken: 0, ended: null }
    // The answer may have been lost: it is said again as often as it is asked for.
    if (ended?.request === request) this.#answer(forwarded, ended.answer)
    if (ended !== null || previous > taken) return null
    let author = this.#waiting.get(key)
    if (author === undefined) {
      this.#lastId -= 1
      author = { id: this.#lastId, member: forwarded.author, sessionId, grant, items: [] }
      this.#waiting.set(key, author)
    }
    author.grant = grant
    if (author.items.some((item) => item.forwarded.request === request)) return null
    const ticket = this.#backlog.enter(update.length)
    const submission = { member: author.id, count: request, sessionId, update, reply, doubtedId, author, ticket }
    const item: Item = { forwarded, submission, upTo: null, answer: null }
    author.items.push(item)
    this.#know(key, { heardAt: now, taken: Math.max(request, taken), ended })
    this.#items.set(submission, item)
    return submission
  }

  /** Of whom something is to be judged. */
  sessions(): readonly string[] {
    return [...this.#waiting.values()].map(({ sessionId }) => sessionId)
  }

  regrant(sessionId: string, grant: Grant | null): void {
    for (const author of this.#waiting.values()) {
      if (author.sessionId === sessionId) author.grant = grant ?? readingOnly(author.grant)
    }
  }

  has(submission: Submission): boolean {
    return submission.member < 0
  }

  /** Who among those that wait for an answer this is elsewhere; null for a connection of this node. */
  distant(id: MemberId): DistantMember | null {
    for (const author of this.#waiting.values()) if (author.id === id) return author.member
    return null
  }

  placed(submission: Submission, upTo: Seq, durable: Seq): void {
    const item = this.#items.get(submission)
    if (item === undefined) return
    item.upTo = upTo
    this.committed(durable)
  }

  contested(submission: Submission): void {
    const item = this.#items.get(submission)
    if (item !== undefined) item.upTo = null
  }

  decided(submission: Submission, answer: Answer, durable: Seq): void {
    const item = this.#items.get(submission)
    if (item === undefined) return
    item.answer = answer
    if (answer.as === 'refused' || answer.as === 'failed') this.#end(item, answer)
    this.committed(durable)
  }

  /** Nothing is taken from its author any more; what he has sent behind it is not judged, and nobody waits for it. */
  #end(item: Item, answer: Answer): void {
    const { author, request } = item.forwarded
    const key = keyOf(author)
    const known = this.#known.get(key)
    if (known !== undefined) this.#known.set(key, { ...known, ended: { request, answer } })
    const items = this.#waiting.get(key)?.items ?? []
    for (const { submission } of items.splice(items.indexOf(item) + 1)) {
      this.#backlog.leave(submission.ticket)
      this.#items.delete(submission)
    }
  }

  #know(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
  }

  #forgetOld(now: Instant): void {
    for (const [key, { heardAt }] of this.#known) {
      // In the order in which they were last heard.
      if (now - heardAt < KNOWN_MS) return
      if (!this.#waiting.has(key)) this.#known.delete(key)
    }
  }

  /** Everything up to `durable` is. */
  committed(durable: Seq): void {
    for (const [key, { items }] of this.#waiting) {
      for (let next = items[0]; next !== undefined; next = items[0]) {
        const answer = finalAnswer(next, durable)
        if (answer === null) break
        items.shift()
        this.#items.delete(next.submission)
        this.#answer(next.forwarded, answer)
      }
      if (items.length === 0) this.#waiting.delete(key)
    }
  }

  /** Whoever waits has to ask somebody else. */
  giveUp(): void {
    for (const { items } of this.#waiting.values()) {
      for (const { forwarded, submission } of items) {
        this.#backlog.leave(submission.ticket)
        this.#answer(forwarded, { as: 'not-mine' })
      }
    }
    this.#waiting.clear()
    this.#items.clear()
  }
}

function finalAnswer({ answer, upTo }: Item, durable: Seq): Answer | null {
  if (answer !== null) return answer
  return upTo !== null && upTo <= durable ? { as: 'in', upTo } : null
}
