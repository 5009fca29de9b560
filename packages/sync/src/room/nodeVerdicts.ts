import type { Instant } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import type { Refusal } from '../gate/refusal.ts'
import type { Seq } from '../ports/updateLog.ts'
import type { DurableContent, TailEntry } from './durableContent.ts'
import type { ForwardedUpdates } from './forwarded.ts'
import type { Submission, Verdicts } from './judge.ts'
import type { NodeLink } from './nodeLink.ts'
import type { ToldEntry } from './notices.ts'
import type { RoomSurroundings } from './surroundings.ts'

/** Larger news is not carried by the bus, whose queues are short: it is read from the log. */
const TOLD_LIMIT_BYTES = 262_144

interface Parts {
  readonly document: DocumentName
  /** This room among those that this node has had. */
  readonly room: number
  readonly content: DurableContent
  readonly link: NodeLink
  readonly around: RoomSurroundings
  readonly forwarded: ForwardedUpdates
  /** The room of this node. */
  readonly here: Verdicts
}

/** Takes the verdicts of this node's judge to whoever sent the update: the room here, or another node. */
export class NodeVerdicts implements Verdicts {
  readonly #parts: Parts
  /** True while entries of another node are passed on: they are not ours to tell. */
  #isHearing = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Passes on what another node has written. */
  whileHearing(pass: () => void): void {
    this.#isHearing = true
    try {
      pass()
    } finally {
      this.#isHearing = false
    }
  }

  placed(submission: Submission, upTo: Seq): void {
    const { forwarded, here, content } = this.#parts
    if (forwarded.has(submission)) forwarded.placed(submission, upTo, content.upTo)
    else here.placed(submission, upTo)
  }

  contested(submission: Submission): void {
    const { forwarded, here } = this.#parts
    if (forwarded.has(submission)) forwarded.contested(submission)
    else here.contested(submission)
  }

  gap(submission: Submission, stateVector: Uint8Array): void {
    const { forwarded, here, content } = this.#parts
    if (forwarded.has(submission)) forwarded.decided(submission, { as: 'gap', stateVector }, content.upTo)
    else here.gap(submission, stateVector)
  }

  refused(submission: Submission, refusal: Refusal): void {
    const { forwarded, here, content } = this.#parts
    if (forwarded.has(submission)) forwarded.decided(submission, { as: 'refused', refusal }, content.upTo)
    else here.refused(submission, refusal)
  }

  unfaithful(submission: Submission): void {
    const { forwarded, here, content, around, document } = this.#parts
    if (!forwarded.has(submission)) return here.unfaithful(submission)
    forwarded.decided(submission, { as: 'unfaithful' }, content.upTo)
    around.events.unfaithful(document, submission.author.grant.principal.personId)
    here.broken('restart', 'another node’s update did what was not judged', null)
  }

  committed(entries: readonly TailEntry[], now: Instant): void {
    const { forwarded, here, content } = this.#parts
    if (!this.#isHearing && this.#parts.link.connected) this.#tell(entries)
    here.committed(entries.map(withOwnAuthor), now)
    forwarded.committed(content.upTo)
  }

  broken(reason: CloseReason, because: string, error: unknown): void {
    this.#parts.here.broken(reason, because, error)
  }

  #tell(entries: readonly TailEntry[]): void {
    const { document, room, link, forwarded } = this.#parts
    const [first] = entries
    // Without an author it was read from the log, and whoever wrote it has told it.
    if (first === undefined || first.author === null) return
    const from = link.node
    const last = entries.at(-1) ?? first
    let bytes = 0
    for (const { update } of entries) bytes += update.length
    if (bytes > TOLD_LIMIT_BYTES) return link.tellAll(document, { kind: 'grown', from, head: last.seq })
    const told = entries.map(({ update, author }): ToldEntry => {
      if (author === null) return { update, author }
      return { update, author: forwarded.distant(author) ?? { node: from, room, member: author } }
    })
    link.tellAll(document, { kind: 'entries', from, first: first.seq, entries: told })
  }
}

/** A connection of another node is nobody here. */
function withOwnAuthor(entry: TailEntry): TailEntry {
  return entry.author !== null && entry.author < 0 ? { ...entry, author: null } : entry
}
