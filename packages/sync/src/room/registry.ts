import type { Cancel, Instant } from '@dongbo/kernel/clock.ts'
import { kindOf, type DocumentName } from '@dongbo/model/documentName.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { openMatrix } from '@dongbo/model/matrix/shape.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import { decideMatrixChanges } from '../gate/decideMatrixChanges.ts'
import type { ClientIds } from '../ports/clientIds.ts'
import type { Grant, Grants } from '../ports/grants.ts'
import type { Seq } from '../ports/updateLog.ts'
import { Backlog } from './backlog.ts'
import { PersonBudgets } from './budget.ts'
import { ClientLeases } from './clientLeases.ts'
import { CommitQueue, type CommitFigures } from './commitQueue.ts'
import { DurableContent } from './durableContent.ts'
import { SILENT_METER, type RoomMeter } from './meter.ts'
import { LocalJudge } from './localJudge.ts'
import { NodeLink, type NodeParts } from './nodeLink.ts'
import { Room } from './room.ts'
import { SharedJudge } from './sharedJudge.ts'
import type { Caller, RoomSurroundings } from './surroundings.ts'

/** A seat in a room, for one socket. */
export interface Membership {
  /** One binary frame from the socket. */
  receive(frame: Uint8Array): void
  /** The socket is gone. */
  leave(): void
}

export interface RegistryFigures extends CommitFigures {
  readonly rooms: number
  /** Of `rooms`, those that hold a live document, many times its bytes, and not bytes alone. */
  readonly liveRooms: number
  readonly sockets: number
  /** Entries behind the bases of all rooms, and their bytes. */
  readonly tailEntries: number
  readonly tailBytes: number
  /** Bytes of updates that are neither durable nor refused, and how long the oldest has been waiting. */
  readonly backlogBytes: number
  readonly backlogMs: number
}

/** What rooms need that is not the registry's own. */
type Around = Pick<RoomSurroundings, 'clock' | 'random' | 'log' | 'events'> & { readonly meter?: RoomMeter }

/** How long a room stays in memory without anybody in it: a reload of the page finds it warm. */
const IDLE_MS = 5_000

/** So long may the snapshots take that make the next start quicker: whoever stops a server waits, and may lose patience. */
const CLOSING_SNAPSHOTS_MS = 3_000

/**
 * How long somebody stays outside whose update did what was not judged. Everybody in the room has to come back after it,
 * so nobody may do it again and again.
 */
const DISTRUST_MS = 60_000

/** Questions about rights that are asked at the same time: as many as there are connections to the database, and some. */
const GRANTS_AT_ONCE = 16

interface Open {
  readonly room: Promise<Room | null>
  /** The room once it is loaded. */
  loaded: Room | null
  /** Set while the room is empty and about to be put away. */
  idle: Cancel | null
}

/**
 * The rooms of this node: loaded when somebody comes, put away when nobody is left. A room that fails is thrown away and
 * loaded from the log by the next visitor; it never harms another.
 */
export class Registry {
  readonly #around: Around
  readonly #grants: Grants
  readonly #clientIds: ClientIds
  readonly #commits: CommitQueue
  readonly #link: NodeLink | null
  readonly #backlog: Backlog
  readonly #people = new PersonBudgets()
  readonly #open = new Map<DocumentName, Open>()
  readonly #live = new Set<Room>()
  readonly #distrusted = new Map<PersonId, Instant>()
  /** Grows whenever rights may have changed: what was read before that counts no more. */
  #rightsEpoch = 0
  #closing: CloseReason | null = null

  /** @param nodes the other nodes on the same store; without them the store is this process's alone */
  constructor(around: Around, grants: Grants, clientIds: ClientIds, nodes: NodeParts | null = null) {
    this.#around = around
    this.#grants = grants
    this.#clientIds = clientIds
    this.#link = nodes === null ? null : new NodeLink(nodes, around.clock, grants)
    this.#commits = new CommitQueue(around.log, around.clock, around.meter)
    this.#backlog = new Backlog(around.clock)
  }

  /**
   * Seats a caller, if he may read the document. The socket must not be closed meanwhile without calling `leave`
   * afterwards.
   * @returns the reason to close the socket with when there is no such document for him or it cannot be read
   */
  async join(document: DocumentName, caller: Caller): Promise<Result<Membership, CloseReason>> {
    if (this.#closing !== null) return err(this.#closing)
    try {
      return await this.#join(document, caller)
    } catch (error) {
      this.#around.events.failed(document, 'load', error)
      return err('overloaded')
    }
  }

  async #join(document: DocumentName, caller: Caller): Promise<Result<Membership, CloseReason>> {
    const epoch = this.#rightsEpoch
    const grant = await this.#grants.grantFor(caller.sessionId, document)
    if (grant === null) return err('no-such-document')
    if (this.#isDistrusted(grant.principal.personId)) return err('write-refused')
    const now = this.#around.clock.now()
    if (!this.#people.of(grant.principal.personId, now).joins(now)) return err('slow-down')
    let room = await this.#roomFor(document)
    // It was put away in the very moment in which we waited for it.
    if (room?.over === true) room = await this.#roomFor(document)
    if (room === null) return err('no-such-document')
    const { generation } = caller.copy
    room.expected++
    try {
      if (generation !== null && generation !== room.generation) return err('generation')
      return await this.#seat(room, caller, grant, epoch)
    } finally {
      room.expected--
      if (room.size === 0 && room.expected === 0 && !room.over) this.#emptied(room)
    }
  }

  async #seat(room: Room, caller: Caller, first: Grant, asked: number): Promise<Result<Membership, CloseReason>> {
    let grant: Grant | null = first
    let epoch = asked
    const { personId } = grant.principal
    const leased = caller.speaksDongbo ? await room.leases.lease(personId, caller.copy.clientId) : null
    let refusal: CloseReason | null = null
    // All that took a while, and a right that was taken away meanwhile must not come in with who asked before.
    while (epoch !== this.#rightsEpoch && grant !== null) {
      epoch = this.#rightsEpoch
      grant = await this.#grants.grantFor(caller.sessionId, room.document)
    }
    if (grant === null) refusal = 'no-such-document'
    else if (this.#isDistrusted(personId)) refusal = 'write-refused'
    else if (this.#closing !== null) refusal = this.#closing
    else if (room.over) refusal = 'restart'
    if (grant === null || refusal !== null) {
      if (leased !== null) room.leases.leave(leased.clientId)
      return err(refusal ?? 'no-such-document')
    }
    const member = room.join({
      ...{ socket: caller.socket, sessionId: caller.sessionId, grant },
      ...{ clientId: leased?.clientId ?? null, doubtedId: leased?.doubted ?? null },
    })
    return ok({
      receive: (frame) => room.receive(member, frame),
      leave: () => room.leave(member),
    })
  }

  /** Somebody says that a document has grown: its room, if it is open here, reads what it lacks. */
  async heard(document: DocumentName, head: Seq): Promise<void> {
    await this.#open.get(document)?.loaded?.catchUp(head)
  }

  /** Reads what the log has beyond the open rooms: what no notice has told, because there was none or it was lost. */
  async lookForNews(): Promise<void> {
    // What was known before the question: a commit may end while it is answered.
    const known = [...this.#live].map((room) => ({ room, before: room.head }))
    const heads = await this.#around.log.heads(known.map(({ room }) => room.document))
    for (const { room, before } of known) {
      const head = heads.get(room.document)
      if (room.over) continue
      // Put aside as damaged: what is on people's screens may be wrong.
      if (head === undefined) room.broken('restart', 'the document may not be opened any more', null)
      // Another database answers, which lags behind the one before: what would be written now would leave a hole there.
      else if (head < before) room.broken('restart', 'the log has gone back', null)
      if (head === undefined || head <= room.head) continue
      room.catchUp(head).catch((error: unknown) => this.#around.events.failed(room.document, 'catch up', error))
    }
  }

  /**
   * Asks again what every session in here may, and judges the next frame by the answer. One question that fails keeps no
   * other answer from counting. Rejects afterwards, so that it is asked again.
   */
  async refreshGrants(): Promise<void> {
    this.#rightsEpoch++
    this.#link?.forgetGrants()
    const asked = [...this.#live].flatMap((room) => [...room.sessions()].map((sessionId) => ({ room, sessionId })))
    const failures: unknown[] = []
    while (asked.length > 0) {
      const answers = asked.splice(0, GRANTS_AT_ONCE).map(async ({ room, sessionId }) => {
        room.regrant(sessionId, await this.#grants.grantFor(sessionId, room.document))
      })
      for (const answer of await Promise.allSettled(answers)) {
        if (answer.status === 'rejected') failures.push(answer.reason)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'what some sessions may could not be asked')
  }

  /** Lets nobody in any more, waits until everything is durable, snapshots, and closes all sockets. */
  async close(reason: CloseReason): Promise<void> {
    this.#closing = reason
    await this.#settled()
    const until = this.#around.clock.now() + CLOSING_SNAPSHOTS_MS
    for (const room of [...this.#live]) {
      try {
        if (this.#around.clock.now() < until) await room.snapshot(true)
      } catch (error) {
        // The log has everything: the next start takes longer, and that is all.
        this.#around.events.failed(room.document, 'snapshot', error)
      }
      room.end(reason)
    }
    await this.#link?.stop()
  }

  figures(): RegistryFigures {
    const total = { rooms: this.#live.size, liveRooms: 0, sockets: 0, tailEntries: 0, tailBytes: 0 }
    for (const room of this.#live) {
      const { sockets, isLive, tailEntries, tailBytes } = room.figures()
      total.sockets += sockets
      total.liveRooms += isLive ? 1 : 0
      total.tailEntries += tailEntries
      total.tailBytes += tailBytes
    }
    const { bytes, oldestMs } = this.#backlog
    return { ...this.#commits.figures(), ...total, backlogBytes: bytes, backlogMs: oldestMs }
  }

  /** Resolves when nothing that was submitted is on its way any more, races for a place in the log included. */
  async #settled(): Promise<void> {
    await this.#commits.drained()
    for (const room of [...this.#live]) {
      if (!room.busy) continue
      await room.progress()
      return this.#settled()
    }
  }

  /** Alone on its store a node knows everything that is durable. */
  async #catchUp(room: Room): Promise<void> {
    if (this.#link === null) return
    const head = (await this.#around.log.heads([room.document])).get(room.document)
    while (head !== undefined && room.head < head && !room.over) {
      await room.catchUp(head)
      // With something in flight it has not read: the log tells first whether that is in.
      if (room.head < head) await this.#commits.drained()
    }
  }

  async #roomFor(document: DocumentName): Promise<Room | null> {
    const known = this.#open.get(document)
    if (known !== undefined) {
      known.idle?.()
      known.idle = null
      return known.room
    }
    const open: Open = { room: this.#load(document), loaded: null, idle: null }
    this.#open.set(document, open)
    try {
      open.loaded = await open.room
      if (open.loaded === null) this.#open.delete(document)
      return open.loaded
    } catch (error) {
      // A failed load is forgotten, so that the next visitor tries again; it never yields an empty room.
      this.#open.delete(document)
      throw error
    }
  }

  async #load(document: DocumentName): Promise<Room | null> {
    if (kindOf(document) !== 'matrix') return null
    // A room that was thrown away may have left entries on their way into the log: they belong to what is loaded.
    await this.#commits.settled(document)
    const stored = await this.#around.log.load(document)
    if (stored === null) return null
    const content = DurableContent.read(stored)
    // The room keeps the functions below, and they what they name: the stored bytes, of which the content has a copy, not.
    const { owners } = stored
    const around: RoomSurroundings = {
      ...this.#around,
      meter: this.#around.meter ?? SILENT_METER,
      commits: this.#commits,
      backlog: this.#backlog,
      tellPresence: (name, message) => this.#link?.tellPresence(name, message),
      people: this.#people,
      events: { ...this.#around.events, unfaithful: (name, person) => this.#distrust(name, person) },
      decisionsOn: (doc) => {
        const matrix = openMatrix(doc)
        return ({ principal, plan }) => decideMatrixChanges(matrix, principal, plan)
      },
    }
    const room: Room = new Room(
      document,
      stored,
      content,
      new ClientLeases(
        document,
        this.#clientIds,
        this.#around.random,
        (id) => content.knows(id),
        async () => await this.#catchUp(room),
      ),
      around,
      (verdicts) =>
        this.#link === null
          ? new LocalJudge(document, content, owners, around, verdicts)
          : new SharedJudge(document, content, owners, around, verdicts, this.#link),
      () => this.#emptied(room),
    )
    this.#live.add(room)
    return room
  }

  #distrust(document: DocumentName, person: PersonId): void {
    this.#distrusted.set(person, this.#around.clock.now())
    this.#around.events.unfaithful(document, person)
  }

  #isDistrusted(person: PersonId): boolean {
    const since = this.#distrusted.get(person)
    if (since === undefined) return false
    if (this.#around.clock.now() - since < DISTRUST_MS) return true
    this.#distrusted.delete(person)
    return false
  }

  #emptied(room: Room): void {
    const open = this.#open.get(room.document)
    if (room.over) {
      this.#live.delete(room)
      // Forgotten at once, so that the next visitor loads it anew from the log.
      if (open?.loaded === room) this.#open.delete(room.document)
      return
    }
    if (open === undefined) return
    open.idle?.()
    open.idle = this.#around.clock.after(IDLE_MS, () => {
      open.idle = null
      this.#putAway(room).catch((error: unknown) => this.#around.events.failed(room.document, 'put away', error))
    })
  }

  async #putAway(room: Room): Promise<void> {
    if (room.size > 0 || room.expected > 0 || room.busy || room.over) return
    try {
      await room.snapshot(true)
    } catch (error) {
      // The log has everything: loading takes longer, and that is all.
      this.#around.events.failed(room.document, 'snapshot', error)
    }
    // Somebody may have come while the snapshot was written.
    if (room.size > 0 || room.expected > 0 || room.busy || room.over || this.#open.get(room.document)?.idle !== null)
      return
    room.end('restart')
  }
}
