import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { matrixOf, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { openMatrix, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import {
  MESSAGE_AWARENESS,
  MESSAGE_REFUSED,
  MESSAGE_SAVED,
  MESSAGE_SYNC,
  MESSAGE_WELCOME,
  readRefused,
  readSaved,
  readWelcome,
  releaseMessage,
  SYNC_STEP_1,
  SYNC_STEP_2,
  syncStep1Message,
  syncStep2Message,
  updateMessage,
} from '@dongbo/protocol/messages.ts'
import type { Grant } from '@dongbo/sync/ports/grants.ts'
import type { Socket } from '@dongbo/sync/ports/socket.ts'
import { seq } from '@dongbo/sync/ports/updateLog.ts'
import type { NodeParts } from '@dongbo/sync/room/nodeLink.ts'
import { SILENT_METER, type RoomMeter } from '@dongbo/sync/room/meter.ts'
import { Registry, type Membership } from '@dongbo/sync/room/registry.ts'
import type { Copy } from '@dongbo/sync/room/surroundings.ts'
import { HeldLog } from './heldLog.ts'
import { manualClock } from './manualClock.ts'
import { smallMatrix, updateOf } from './matrices.ts'
import { memoryClientIds } from './memoryClientIds.ts'
import { planFacts } from './people.ts'

/** A message of the server, as a test reads it. */
export type Heard =
  | { readonly type: 'asks' | 'answer' | 'update'; readonly bytes: Uint8Array }
  | { readonly type: 'saved'; readonly count: number; readonly at: number }
  | { readonly type: 'welcome'; readonly generation: string; readonly clientId: number }
  | { readonly type: 'refused'; readonly count: number; readonly code: string; readonly path: readonly string[] }
  | { readonly type: 'presence'; readonly states: readonly { readonly id: number; readonly state: unknown }[] }

/** One socket of a room, with everything that the server has said to it; a replica that never connects by itself. */
export class Seat {
  readonly socket: Socket & { queuedBytes: number } = {
    queuedBytes: 0,
    pause: () => {
      this.isPaused = true
    },
    resume: () => {
      this.isPaused = false
    },
    send: (message) => void this.#heard.push(readServerMessage(message)),
    close: (reason) => {
      this.closed = reason
    },
  }
  readonly matrix: MatrixDocument = openMatrix(new Y.Doc())
  closed: CloseReason | null = null
  isPaused = false
  /** The client id that the server has leased to this seat. */
  leased: number | null = null
  #heard: Heard[] = []
  #membership: Membership | null = null

  sit(membership: Membership): void {
    this.#membership = membership
  }

  /** What was heard since the last call; updates are applied to the replica. */
  take(): readonly Heard[] {
    const heard = this.#heard
    this.#heard = []
    for (const message of heard) {
      if (message.type === 'welcome') this.leased = message.clientId
      if (message.type === 'update' || message.type === 'answer')
        Y.applyUpdate(this.matrix.doc, message.bytes, 'server')
    }
    return heard
  }

  /** Takes up the leased client id, as our client does once the document has loaded and before its first edit. */
  takeUpClientId(): void {
    if (this.leased !== null) this.matrix.doc.clientID = this.leased
  }

  /** Says that it goes and that everything is durable. */
  release(): void {
    this.send(releaseMessage())
  }

  /** The types of what was heard since the last call, presence left out. */
  takeTypes(): readonly string[] {
    return this.take().flatMap(({ type }) => (type === 'presence' ? [] : [type]))
  }

  send(frame: Uint8Array): void {
    this.#membership?.receive(frame)
  }

  ask(): void {
    this.send(syncStep1Message(Y.encodeStateVector(this.matrix.doc)))
  }

  /** Edits the replica and sends the update. */
  edit(what: (matrix: MatrixDocument) => void): Uint8Array {
    const update = updateOf(this.matrix, what)
    this.send(updateMessage(update))
    return update
  }

  sendUpdate(update: Uint8Array): void {
    this.send(updateMessage(update))
  }

  /** Sends everything that the server lacks, as y-websocket does when it is asked. */
  answer(stateVector: Uint8Array): void {
    this.send(syncStep2Message(Y.encodeStateAsUpdate(this.matrix.doc, stateVector)))
  }

  sendPresence(states: readonly { readonly id: number; readonly clock: number; readonly state: string }[]): void {
    const body = encoding.createEncoder()
    encoding.writeVarUint(body, states.length)
    for (const { id, clock, state } of states) {
      encoding.writeVarUint(body, id)
      encoding.writeVarUint(body, clock)
      encoding.writeVarString(body, state)
    }
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, MESSAGE_AWARENESS)
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body))
    this.send(encoding.toUint8Array(encoder))
  }

  leave(): void {
    this.#membership?.leave()
    this.#membership = null
  }
}

/** Throws on what no client knows. */
export function readServerMessage(message: Uint8Array): Heard {
  const decoder = decoding.createDecoder(message)
  const type = decoding.readVarUint(decoder)
  switch (type) {
    case MESSAGE_SYNC: {
      const step = decoding.readVarUint(decoder)
      const bytes = decoding.readVarUint8Array(decoder).slice()
      return { type: step === SYNC_STEP_1 ? 'asks' : step === SYNC_STEP_2 ? 'answer' : 'update', bytes }
    }
    case MESSAGE_SAVED:
      return { type: 'saved', ...readSaved(decoder) }
    case MESSAGE_REFUSED:
      return { type: 'refused', ...readRefused(decoder) }
    case MESSAGE_WELCOME:
      return { type: 'welcome', ...readWelcome(decoder) }
    case MESSAGE_AWARENESS: {
      const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder))
      const states: { id: number; state: unknown }[] = []
      for (let rest = decoding.readVarUint(inner); rest > 0; rest--) {
        const id = decoding.readVarUint(inner)
        decoding.readVarUint(inner)
        states.push({ id, state: JSON.parse(decoding.readVarString(inner)) })
      }
      return { type: 'presence', states }
    }
    default:
      throw new Error(`no client knows message ${type}`)
  }
}

/** How somebody comes: by our client with nothing, unless said otherwise. */
interface Coming {
  readonly speaksDongbo?: boolean
  readonly copy?: Partial<Copy>
}

/** A registry over a log that the test holds, with a clock that stands still. */
export class House {
  readonly clock = manualClock()
  readonly log: HeldLog
  readonly reports: string[] = []
  readonly registry: Registry
  readonly grants = new Map<string, Grant | null>()

  /** Several houses over one store are nodes: each has a seed of its own, because nodes do not share their chance. */
  constructor(log: HeldLog = new HeldLog(), seed = 1, nodes: NodeParts | null = null, meter: RoomMeter = SILENT_METER) {
    this.log = log
    this.registry = new Registry(
      {
        clock: this.clock,
        random: seededRandom(seed),
        log: this.log,
        meter,
        events: {
          refused: (_document, person, code) => this.reports.push(`refused ${person} ${code}`),
          unfaithful: (_document, person) => this.reports.push(`unfaithful ${person}`),
          failed: (_document, because) => this.reports.push(`failed ${because}`),
        },
      },
      { grantFor: async (sessionId) => this.grants.get(sessionId) ?? null },
      memoryClientIds(this.log.kept),
      nodes,
    )
  }

  /** Creates the matrix of a plan. */
  async create(plan = 'kh-2026'): Promise<DocumentName> {
    const document = matrixOf(trustedId<PlanId>(plan))
    const update = Y.encodeStateAsUpdate(smallMatrix().doc)
    const entry = { document, seq: seq(1), update, personId: null, bodyId: null, at: this.clock.now() }
    await this.log.create(entry, 'generation-1')
    return document
  }

  /** Seats somebody who has asked for the document and heard the answer; nothing said so far is left to take. */
  async enter(document: DocumentName, principal: Principal, options: Coming = {}): Promise<Seat> {
    const seat = await this.join(document, principal, options)
    seat.ask()
    seat.take()
    seat.takeUpClientId()
    return seat
  }

  /** Seats somebody who has not said anything yet. Throws the reason when he is not let in. */
  async join(document: DocumentName, principal: Principal, coming: Coming = {}): Promise<Seat> {
    const { speaksDongbo = true, copy = {} } = coming
    const seat = new Seat()
    const grant: Grant = { principal, plan: planFacts() }
    this.grants.set(principal.personId, grant)
    const caller = {
      socket: seat.socket,
      sessionId: principal.personId,
      speaksDongbo,
      copy: { generation: null, clientId: null, ...copy },
    }
    const joined = await this.registry.join(document, caller)
    if (!joined.ok) throw new Error(joined.error)
    seat.sit(joined.value)
    return seat
  }

  /** Lets everything go on that can: commits answer on microtasks, and a macrotask later all of them have run. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** The matrix as the log alone gives it. */
  async durable(document: DocumentName): Promise<MatrixDocument> {
    const stored = await this.log.store.load(document)
    if (stored === null) throw new Error('the document was created')
    const doc = new Y.Doc()
    if (stored.snapshot !== null) Y.applyUpdate(doc, stored.snapshot.update)
    for (const { update } of stored.tail) Y.applyUpdate(doc, update)
    return openMatrix(doc)
  }
}
