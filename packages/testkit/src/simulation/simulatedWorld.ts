import * as Y from 'yjs'
import type { Random } from '@dongbo/kernel/random.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import type { Grant } from '@dongbo/sync/ports/grants.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { BusHub } from '../busHub.ts'
import { manualClock } from '../manualClock.ts'
import { smallMatrix } from '../matrices.ts'
import { planFacts } from '../people.ts'
import { FORBIDDEN, hostileFrame, honestAct, trespass } from './acts.ts'
import { CAST } from './cast.ts'
import { Ledger } from './ledger.ts'
import { Peer } from './peer.ts'
import { HOSTILE, NODES, type SimulatedRole, type Step } from './script.ts'
import { SimulatedDisk } from './simulatedDisk.ts'
import { SimulatedNode } from './simulatedNode.ts'

const DOCUMENT: DocumentName = matrixOf(trustedId<PlanId>('kh-2026'))
/** Refusals of form and identity: an honest page that meets one was led there by the server, as by a client id leased twice. */
const NEVER_HONEST: ReadonlySet<string> = new Set([
  'malformed',
  'too-many-parts',
  'foreign-client-id',
  'client-id-taken',
  'too-many-client-ids',
  'unresolvable',
])
/** Rounds in which everything that was cut, refused or slowed down must have found its way back. */
const PEACE_ROUNDS = 30

/** Two servers, a disk, a network and the cast, moved step by step. Nothing happens by itself. */
export class SimulatedWorld {
  readonly #clock = manualClock()
  readonly #disk = new SimulatedDisk(this.#clock)
  readonly #hub = new BusHub({ isPrompt: false })
  readonly #nodes: readonly SimulatedNode[]
  readonly #ledger = new Ledger()
  readonly #peers = CAST.map(({ principal, sessionId }) => new Peer(principal, sessionId, this.#clock))
  readonly #roles = new Map<string, SimulatedRole>()
  /** Which attempt to connect each peer is at: an older one that succeeds late is left again. */
  readonly #attempts = new Map<Peer, number>()
  readonly #nodeOf = new Map<Peer, number>()
  readonly #reports: string[] = []
  /** Message bytes that were checked once are not checked again. */
  readonly #checked = new Map<Peer, number>()
  #troubled = false
  #restores = 0
  #generation = 'generation-0'
  #saved = 0

  constructor(random: Random) {
    this.#disk.onWritten = (batch) => this.#ledger.written(batch)
    const around = {
      clock: this.#clock,
      random,
      disk: this.#disk,
      hub: this.#hub,
      grants: { grantFor: async (sessionId: string) => this.#grantOf(sessionId) },
      report: (what: string) => void this.#reports.push(what),
    }
    this.#nodes = Array.from({ length: NODES }, (_, number) => new SimulatedNode(around, number))
  }

  async begin(): Promise<void> {
    const update = Y.encodeStateAsUpdate(smallMatrix().doc)
    const entry = { document: DOCUMENT, seq: seq(1), update, personId: null, bodyId: null, at: this.#clock.now() }
    await this.#disk.create(entry, this.#generation)
    this.#ledger.restored([entry], new Map())
    for (const peer of this.#peers) this.#connect(peer)
    for (let round = 0; round < 4; round++) await this.#calm()
  }

  async play(step: Step): Promise<void> {
    await this.#perform(step)
    await settled()
  }

  async violations(): Promise<readonly string[]> {
    const found = [...this.#ledger.violations, ...this.#unexpectedReports()]
    const durable = this.#ledger.matrix.doc
    for (const [index, peer] of this.#peers.entries()) {
      found.push(...this.#falseSaves(peer, index, durable))
      if (HOSTILE.includes(index)) continue
      for (const code of peer.refusals)
        if (NEVER_HONEST.has(code)) found.push(`honest page ${index} was refused: ${code}`)
      const { doc } = peer.matrix
      for (const violation of matrixViolations(peer.matrix)) found.push(`page ${index}: ${violation}`)
      if (peer.generation === this.#generation) {
        for (const client of doc.store.clients.keys()) {
          const beyond = Y.getState(doc.store, client) > Y.getState(durable.store, client)
          if (beyond && !peer.wroteUnder(client)) found.push(`page ${index} shows what is not durable`)
        }
      }
      for (const shown of peer.present) {
        const real = CAST.some(
          ({ principal }) =>
            principal.personId === shown.personId &&
            principal.displayName === shown.name &&
            principal.bodyId === shown.bodyId,
        )
        if (!real) found.push(`page ${index} is shown ${shown.name} of ${shown.bodyId}, who is nobody`)
      }
    }
    return found
  }

  /** Mends everything, lets everybody come back, and says what is not as it must be then. */
  async endInPeace(): Promise<readonly string[]> {
    this.#disk.recover()
    for (const node of this.#nodes) {
      node.thaw()
      node.connected = true
    }
    for (const { principal } of CAST) await this.#setRole(principal.personId, 'own')
    for (const index of HOSTILE) this.#turnAway(this.#peers[index])
    const honest = this.#peers.filter((_, index) => !HOSTILE.includes(index))
    for (let round = 0; round < PEACE_ROUNDS; round++) {
      for (const peer of honest) if (!peer.connected || peer.closedBecause !== null) this.#connect(peer)
      await this.#calm()
    }
    const found = [...(await this.violations())]
    const durable = contentOf(this.#ledger.matrix.doc)
    for (const [index, peer] of honest.entries()) {
      if (!peer.synced || !peer.isSaved)
        found.push(`page ${index} never came to rest (${peer.closedBecause ?? 'open'})`)
      if (contentOf(peer.matrix.doc) !== durable) found.push(`page ${index} ended with something else`)
      const shown = peer.present.map(({ personId }) => personId).toSorted()
      const here = honest.map(({ principal }) => principal.personId).toSorted()
      if (String(shown) !== String(here)) found.push(`page ${index} is shown ${String(shown)} and not ${String(here)}`)
    }
    if (durable.includes(FORBIDDEN)) found.push('somebody wrote what is another’s')
    const stored = await this.#disk.durable(DOCUMENT)
    const reloaded = new Y.Doc()
    if (stored?.snapshot) Y.applyUpdate(reloaded, stored.snapshot.update)
    for (const entry of stored?.tail ?? []) Y.applyUpdate(reloaded, entry.update)
    for (const root of this.#ledger.matrix.doc.share.keys()) reloaded.getMap(root)
    if (contentOf(reloaded) !== durable) found.push('the log does not load to what was written')
    return found
  }

  counts(): { saved: number; refused: number; entries: number } {
    const refused = this.#peers.reduce((sum, peer) => sum + peer.refusals.length, 0)
    return { saved: this.#saved, refused, entries: this.#ledger.entries }
  }

  async #perform(step: Step): Promise<void> {
    const peer = 'who' in step ? this.#peers[step.who] : undefined
    switch (step.do) {
      case 'edit':
        return peer?.edit((matrix) => honestAct(matrix, peer.principal, step.kind, step.a, step.b))
      case 'trespass':
        // The coordinator may write nearly everything: there is nothing for him to trespass on.
        if (peer === undefined || peer.principal.planRole === 'coordinator') return
        return peer.edit((matrix) => trespass(matrix, peer.principal, step.a))
      case 'attack':
        if (peer?.holdsContent === true) peer.sendRaw(hostileFrame(peer.matrix, step.seed))
        return
      case 'cursor':
        return peer?.setCursor({ taskId: `NV-I-${step.at % 3}`, at: step.at })
      case 'deliver':
        for (let left = step.count; left > 0; left--) this.#deliver(peer, step.way)
        return
      case 'repeat':
        return peer?.repeatOldest()
      case 'swap':
        return peer?.swapOldest()
      case 'connect':
        if (peer !== undefined && (!peer.connected || peer.closedBecause !== null)) this.#connect(peer)
        return
      case 'reconnect':
        for (const one of this.#peers) if (!one.connected || one.closedBecause !== null) this.#connect(one)
        return
      case 'cut':
        return peer?.cut()
      case 'reopen':
        return peer?.closePage()
      case 'kill':
        return this.#kill(step.node)
      case 'freeze':
        return this.#nodes[step.node]?.freeze()
      case 'thaw':
        return this.#nodes[step.node]?.thaw()
      case 'part':
      case 'meet':
        return this.#connectNode(step.node, step.do === 'meet')
      case 'hear': {
        const random = seededRandom(step.seed)
        for (let left = step.count; left > 0; left--) this.#hub.deliverOne(random)
        return
      }
      case 'look':
        return this.#look()
      case 'restore':
        return this.#restore(step.a)
      case 'disk':
        if (step.state === 'fast') return this.#disk.recover()
        this.#troubled ||= step.state !== 'slow'
        this.#disk.state = step.state
        return
      case 'finish':
        return this.#disk.finish()
      case 'rights':
        return peer === undefined ? undefined : await this.#setRole(peer.principal.personId, step.role)
      case 'wait':
        return this.#clock.advance(step.ms)
    }
  }

  #connect(peer: Peer): void {
    peer.cut()
    if (peer.closedBecause === 'generation') peer.startAfresh()
    peer.closedBecause = null
    const attempt = (this.#attempts.get(peer) ?? 0) + 1
    this.#attempts.set(peer, attempt)
    const { socket, sessionId } = peer
    const copy = { generation: peer.generation, clientId: peer.usedClientId }
    const isStale = (): boolean => this.#attempts.get(peer) !== attempt
    // As a proxy does: whoever comes back may come to the other server.
    const number = (this.#peers.indexOf(peer) + attempt) % NODES
    this.#nodeOf.set(peer, number)
    this.#nodes[number]?.registry.join(DOCUMENT, { socket, sessionId, speaksDongbo: true, copy }).then(
      (seat) => {
        if (!seat.ok) {
          if (!isStale()) peer.closedBecause = seat.error
          // The room may have ended before this page hears that it is in.
        } else if (isStale() || peer.closedBecause !== null) seat.value.leave()
        else peer.opened(seat.value)
      },
      (error: unknown) => this.#reports.push(`join threw: ${String(error)}`),
    )
  }

  #deliver(peer: Peer | undefined, way: 'up' | 'down'): boolean {
    if (peer === undefined) return false
    // What is sent to a server that stands still waits on the way.
    const node = this.#nodes[this.#nodeOf.get(peer) ?? 0]
    return way === 'up' && node?.running === false ? false : peer.deliver(way)
  }

  #connectNode(number: number, connected: boolean): void {
    const node = this.#nodes[number]
    if (node !== undefined) node.connected = connected
  }

  #look(): void {
    for (const { registry, running } of this.#nodes) {
      if (running) registry.lookForNews().catch((error: unknown) => this.#reports.push(`failed look: ${String(error)}`))
    }
  }

  #turnAway(peer: Peer | undefined): void {
    if (peer === undefined) return
    peer.cut()
    this.#attempts.delete(peer)
  }

  #kill(number: number): void {
    this.#troubled = true
    for (const [peer, at] of this.#nodeOf) {
      if (at !== number) continue
      peer.cut()
      // An attempt at the dead server never ends.
      this.#attempts.set(peer, (this.#attempts.get(peer) ?? 0) + 1)
    }
    this.#nodes[number]?.restart()
  }

  #restore(a: number): void {
    for (let number = 0; number < NODES; number++) this.#kill(number)
    this.#generation = `generation-${++this.#restores}`
    const kept = this.#disk.restore(DOCUMENT, 1 + (a % Math.max(1, this.#ledger.entries)), this.#generation)
    this.#ledger.restored(kept.entries, kept.owners)
    for (const peer of this.#peers) this.#checked.set(peer, peer.acknowledged.length)
  }

  async #setRole(personId: string, role: SimulatedRole): Promise<void> {
    this.#roles.set(personId, role)
    // What is given may count at once; what is taken away counts once every server knows.
    if (role === 'own') this.#ledger.roleChanged(personId, role, this.#clock.now())
    // A server that stands still is told when it goes on; here it goes on, so that the moment is known.
    for (const node of this.#nodes) {
      node.thaw()
      await node.registry.refreshGrants()
    }
    // A millisecond on, so that what was judged before cannot be taken for what was judged after.
    this.#clock.advance(1)
    if (role !== 'own') this.#ledger.roleChanged(personId, role, this.#clock.now())
  }

  async #calm(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      for (const peer of this.#peers) while (this.#deliver(peer, 'up') || this.#deliver(peer, 'down')) quiet = 0
      this.#hub.deliver()
      await settled()
      this.#clock.advance(700)
      this.#look()
    }
  }

  #falseSaves(peer: Peer, index: number, durable: Y.Doc): readonly string[] {
    const from = this.#checked.get(peer) ?? 0
    const fresh = peer.acknowledged.slice(from)
    this.#checked.set(peer, peer.acknowledged.length)
    this.#saved += fresh.length
    return fresh.every((update) => isIn(durable, update))
      ? []
      : [`page ${index} was told "saved" of what is not durable`]
  }

  /** A room may fail when its disk does; nothing else that a server reports is expected. */
  #unexpectedReports(): readonly string[] {
    return this.#reports.filter((report) => !(this.#troubled && report.startsWith('failed')))
  }

  #grantOf(sessionId: string): Grant | null {
    const part = CAST.find((one) => one.sessionId === sessionId)
    if (part === undefined) return null
    const role = this.#roles.get(part.principal.personId) ?? 'own'
    if (role === 'none') return null
    const principal = role === 'own' ? part.principal : { ...part.principal, planRole: role }
    return { principal, plan: planFacts() }
  }
}

/** What a document shows, with the keys in order: their order of arrival is nobody's business. */
function contentOf(doc: Y.Doc): string {
  return JSON.stringify(doc.toJSON(), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** Whether a document holds all of an update: its structs and its deletions. */
function isIn(doc: Y.Doc, update: Uint8Array): boolean {
  const { structs, ds } = Y.decodeUpdate(update)
  const hasStructs = structs.every(({ id, length }) => id.clock + length <= Y.getState(doc.store, id.client))
  const deletes = [...ds.clients].every(([client, ranges]) =>
    ranges.every(({ clock, len }) => {
      for (let at = clock; at < clock + len;) {
        if (at >= Y.getState(doc.store, client)) return false
        const struct = Y.getItem(doc.store, Y.createID(client, at))
        if (!struct.deleted) return false
        at = struct.id.clock + struct.length
      }
      return true
    }),
  )
  return hasStructs && deletes
}

/** A macrotask later everything that could go on has done so. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
