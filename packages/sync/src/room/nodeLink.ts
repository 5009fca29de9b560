import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { Bus } from '../ports/bus.ts'
import type { Grant, Grants } from '../ports/grants.ts'
import { LEASE_MS, type Leases, type NodeId } from '../ports/leases.ts'
import {
  decodeDocumentNotice,
  decodeNodeNotice,
  encodeDocumentNotice,
  encodeNodeNotice,
  type Answer,
  type ContentNotice,
  type DocumentNotice,
  type Forwarded,
  type NodeNotice,
} from './notices.ts'

/** What makes a server one node of several. */
export interface NodeParts {
  readonly bus: Bus
  readonly leases: Leases
  /** Work between the nodes that nobody waits for has failed. */
  reportError(error: unknown): void
  /** A notice of our own key could not be understood: a newer node said it. */
  ignoredNotice(): void
}

/** One open document, as the notices of other nodes reach it. */
export interface Listener {
  readonly document: DocumentName
  readonly room: number
  hear(notice: ContentNotice): void
  /** Another node asks this one to judge. */
  asked(forwarded: Forwarded): void
  answered(request: number, answer: Answer): void
}

/** The room of an open document, as far as it is about who is there. */
export interface PresenceListener {
  /** A presence message of another node. */
  presenceHeard(message: Uint8Array): void
  /** Who is in this room, or null when nobody is. */
  presenceHere(): Uint8Array | null
}

/** Renewed so often that two renewals may fail before a lease ends. */
const RENEW_EVERY_MS = LEASE_MS / 3
/** A right that was taken away is found out within half a second anyway; asking for each key stroke would cost two queries. */
const GRANT_KEPT_MS = 500

const topicOfNode = (node: NodeId): string => `node/${node}`
const topicOfDocument = (document: DocumentName): string => `document/${document}`

/** This node among the others: carries notices to and from its open documents, and keeps its leases alive. */
export class NodeLink {
  readonly #parts: NodeParts
  readonly #clock: Clock
  readonly #grants: Grants
  readonly #listeners = new Map<DocumentName, Listener>()
  readonly #stops = new Map<Listener, Promise<() => Promise<void>>>()
  readonly #kept = new Map<string, { readonly grant: Promise<Grant | null>; readonly until: number }>()
  readonly #hearing: Promise<() => Promise<void>>
  readonly #givingUp = new Map<DocumentName, Promise<void>>()
  readonly #goingOn = new Set<Promise<unknown>>()
  #cancelRenewal: Cancel = () => undefined
  #rooms = 0

  constructor(parts: NodeParts, clock: Clock, grants: Grants) {
    this.#parts = parts
    this.#clock = clock
    this.#grants = grants
    this.#hearing = parts.bus.subscribe(topicOfNode(this.node), (bytes) => this.#hear(bytes))
    this.#hearing.catch((error: unknown) => parts.reportError(error))
    this.#renewLater()
  }

  get node(): NodeId {
    return this.#parts.leases.node
  }

  get leases(): Leases {
    return this.#parts.leases
  }

  /** Whether the other nodes can be asked. */
  get connected(): boolean {
    return this.#parts.bus.connected
  }

  /** A number for a new room, which no earlier room of this process had. */
  newRoom(): number {
    return ++this.#rooms
  }

  open(listener: Listener, presence: PresenceListener): void {
    const { document } = listener
    this.#listeners.set(document, listener)
    const stop = this.#parts.bus.subscribe(topicOfDocument(document), (bytes) => {
      const notice = decodeDocumentNotice(bytes)
      if (notice === null) this.#parts.ignoredNotice()
      else if (notice.from === this.node) return
      else if (notice.kind === 'presence') presence.presenceHeard(notice.message)
      else if (notice.kind === 'who-is-there') this.tellPresence(document, presence.presenceHere())
      else listener.hear(notice)
    })
    this.#stops.set(listener, stop)
    this.later(stop.then(() => this.tellAll(document, { kind: 'who-is-there', from: this.node })))
  }

  close(listener: Listener): void {
    if (this.#listeners.get(listener.document) === listener) this.#listeners.delete(listener.document)
    const stop = this.#stops.get(listener)
    this.#stops.delete(listener)
    if (stop !== undefined) this.later(stop.then(async (end) => await end()))
  }

  /** Gives a document's lease back, unless another room of this node has the document open by now. */
  async giveUp(document: DocumentName): Promise<void> {
    if (this.#listeners.has(document)) return
    const released = this.leases.release(document).finally(() => {
      if (this.#givingUp.get(document) === released) this.#givingUp.delete(document)
    })
    this.#givingUp.set(document, released)
    await released
  }

  /** Resolves when what was to be given back of this document has been: it would be taken from whoever claims it next. */
  async givenUp(document: DocumentName): Promise<void> {
    // A release that failed is reported where it was asked for; the lease runs out by itself.
    await this.#givingUp.get(document)?.catch(() => undefined)
  }

  /** Tells everybody who has the document open. Lost when the bus is away: they find it in the log. */
  tellAll(document: DocumentName, notice: DocumentNotice): void {
    this.#publish(topicOfDocument(document), () => encodeDocumentNotice(notice))
  }

  /** Tells the other nodes who is here; null is nothing to tell. */
  tellPresence(document: DocumentName, message: Uint8Array | null): void {
    if (message !== null) this.tellAll(document, { kind: 'presence', from: this.node, message })
  }

  tell(node: NodeId, notice: NodeNotice): void {
    this.#publish(topicOfNode(node), () => encodeNodeNotice(notice))
  }

  answer({ author, document, request }: Forwarded, answer: Answer): void {
    this.tell(author.node, { kind: 'answer', from: this.node, document, room: author.room, request, answer })
  }

  /** What a session of another node may, as it was at most half a second ago. */
  async grantFor(sessionId: string, document: DocumentName): Promise<Grant | null> {
    const key = `${document} ${sessionId}`
    const now = this.#clock.now()
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.until > now) return await kept.grant
    const grant = this.#grants.grantFor(sessionId, document)
    this.#kept.set(key, { grant, until: now + GRANT_KEPT_MS })
    return await grant
  }

  /** Rights may have changed: what was read before that counts no more. */
  forgetGrants(): void {
    this.#kept.clear()
  }

  /** Work that nobody waits for until the node stops. */
  later(work: Promise<unknown>): void {
    const reported = work.catch((error: unknown) => this.#parts.reportError(error))
    this.#goingOn.add(reported)
    void reported.finally(() => this.#goingOn.delete(reported))
  }

  /** Hears nothing more; resolves when everything that was given up has been. */
  async stop(): Promise<void> {
    this.#cancelRenewal()
    this.later(this.#hearing.then(async (end) => await end()))
    for (const listener of [...this.#listeners.values()]) this.close(listener)
    while (this.#goingOn.size > 0) await Promise.all(this.#goingOn)
  }

  /** A server that runs alone has nobody to tell, and does not encode what it would. */
  #publish(topic: string, notice: () => Uint8Array): void {
    if (!this.connected) return
    // The bus itself reports that it is out of reach; what is lost by it is asked for again or found in the log.
    this.later(this.#parts.bus.publish(topic, notice()).catch(() => undefined))
  }

  #hear(bytes: Uint8Array): void {
    const notice = decodeNodeNotice(bytes)
    if (notice === null) return this.#parts.ignoredNotice()
    const listener = this.#listeners.get(notice.document)
    if (notice.kind === 'answer') {
      if (listener?.room === notice.room) listener.answered(notice.request, notice.answer)
      return
    }
    if (listener !== undefined) return listener.asked(notice)
    // The document is not open here, so whoever thinks that we judge it shall do so himself.
    this.later(this.giveUp(notice.document).then(() => this.answer(notice, { as: 'not-mine' })))
  }

  #renewLater(): void {
    this.#cancelRenewal = this.#clock.after(RENEW_EVERY_MS, () => {
      this.later(this.leases.renew())
      this.#forgetOldGrants()
      this.#renewLater()
    })
  }

  #forgetOldGrants(): void {
    const now = this.#clock.now()
    for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key)
  }
}
