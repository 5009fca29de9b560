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
  /** Whose copies are ahead of ours for ever, by what: what they sent behind it must not come in. */
  readonly #refused = new Map<string, { readonly request: number; readonly answer: Answer }>()
  /** The newest request of each connection that was taken: a hole before the next one means that one was lost. */
  readonly #taken = new Map<string, number>()
  #lastId: MemberId = 0

  constructor(backlog: Backlog, answer: (forwarded: Forwarded, answer: Answer) => void) {
    this.#backlog = backlog
    this.#answer = answer
  }

  /**
   * Null when it is being judged already, or one before it was lost, which comes again with it, or nothing more is taken
   * from its author.
   */
  take(forwarded: Forwarded, grant: Grant): Submission | null {
    const key = keyOf(forwarded.author)
    const { request, previous, sessionId, update, reply, doubtedId } = forwarded
    const refused = this.#refused.get(key)
    // The answer may have been lost: it is said again as often as it is asked for.
    if (refused?.request === request) this.#answer(forwarded, refused.answer)
    if (refused !== undefined || previous > (this.#taken.get(key) ?? 0)) return null
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
    this.#taken.set(key, Math.max(request, this.#taken.get(key) ?? 0))
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
    const { author, request } = item.forwarded
    if (answer.as === 'refused') this.#refused.set(keyOf(author), { request, answer })
    this.committed(durable)
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
