import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import type { Refusal, RefusalCode } from '../gate/refusal.ts'
import type { NodeId } from '../ports/leases.ts'
import { seq, type Seq } from '../ports/updateLog.ts'
import type { MemberId } from './state.ts'

/** A connection anywhere: `room` tells the rooms of one document apart that a node has had one after another. */
export interface DistantMember {
  readonly node: NodeId
  readonly room: number
  readonly member: MemberId
}

export interface ToldEntry {
  readonly update: Uint8Array
  /** Null when no connection wrote it. */
  readonly author: DistantMember | null
}

/** What everybody who has the document open hears. */
export type DocumentNotice =
  /** These are durable, from the position `first` on. */
  | { readonly kind: 'entries'; readonly from: NodeId; readonly first: Seq; readonly entries: readonly ToldEntry[] }
  /** Everything up to `head` is durable; what it is stands in the log. */
  | { readonly kind: 'grown'; readonly from: NodeId; readonly head: Seq }
  /** Of who is in this node's room: an awareness message of y-protocols. */
  | { readonly kind: 'presence'; readonly from: NodeId; readonly message: Uint8Array }
  /** Whoever has somebody in his room says so again. */
  | { readonly kind: 'who-is-there'; readonly from: NodeId }

/** Of those, what is about what the document holds. */
export type ContentNotice = Extract<DocumentNotice, { readonly kind: 'entries' | 'grown' }>

/** An update on its way to the node that judges the document. */
export interface Forwarded {
  readonly kind: 'forward'
  readonly document: DocumentName
  /** Where the answer goes. */
  readonly author: DistantMember
  readonly request: number
  /** The request of this connection before it that is not answered; 0 when all are. */
  readonly previous: number
  readonly sessionId: string
  readonly reply: boolean
  /** The client id of the connection's copy under which another may have written something else, or null. */
  readonly doubtedId: number | null
  readonly update: Uint8Array
}

/** What became of a forwarded update; final. */
export type Answer =
  /** It is durable with everything up to `upTo`. */
  | { readonly as: 'in'; readonly upTo: Seq }
  | { readonly as: 'gap'; readonly stateVector: Uint8Array }
  | { readonly as: 'refused'; readonly refusal: Refusal }
  | { readonly as: 'unfaithful' }
  /** It could not be judged: a defect of ours. */
  | { readonly as: 'failed' }
  /** Its session may not read the document any more. */
  | { readonly as: 'shut-out' }
  /** Somebody else judges the document. */
  | { readonly as: 'not-mine' }

/** What one node says to another. */
export type NodeNotice =
  | Forwarded
  | {
      readonly kind: 'answer'
      readonly from: NodeId
      readonly document: DocumentName
      readonly room: number
      readonly request: number
      readonly answer: Answer
    }

const DOCUMENT_KINDS = ['entries', 'grown', 'presence', 'who-is-there'] as const
const NODE_KINDS = ['forward', 'answer'] as const
const ANSWERS = ['in', 'gap', 'refused', 'unfaithful', 'shut-out', 'not-mine', 'failed'] as const

export function encodeDocumentNotice(notice: DocumentNotice): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, DOCUMENT_KINDS.indexOf(notice.kind))
    encoding.writeVarString(encoder, notice.from)
    if (notice.kind === 'grown') encoding.writeVarUint(encoder, notice.head)
    else if (notice.kind === 'presence') encoding.writeVarUint8Array(encoder, notice.message)
    else if (notice.kind === 'entries') {
      encoding.writeVarUint(encoder, notice.first)
      encoding.writeVarUint(encoder, notice.entries.length)
      for (const { update, author } of notice.entries) {
        encoding.writeVarUint8Array(encoder, update)
        encoding.writeVarUint(encoder, author === null ? 0 : 1)
        if (author !== null) writeMember(encoder, author)
      }
    }
  })
}

export function encodeNodeNotice(notice: NodeNotice): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, NODE_KINDS.indexOf(notice.kind))
    encoding.writeVarString(encoder, notice.document)
    encoding.writeVarUint(encoder, notice.request)
    if (notice.kind === 'forward') {
      encoding.writeVarUint(encoder, notice.previous)
      writeMember(encoder, notice.author)
      encoding.writeVarString(encoder, notice.sessionId)
      encoding.writeVarUint(encoder, notice.reply ? 1 : 0)
      // No client id is 0.
      encoding.writeVarUint(encoder, notice.doubtedId ?? 0)
      encoding.writeVarUint8Array(encoder, notice.update)
    } else {
      encoding.writeVarString(encoder, notice.from)
      encoding.writeVarUint(encoder, notice.room)
      writeAnswer(encoder, notice.answer)
    }
  })
}

/** Null when the bytes are not a notice that this version knows. */
export function decodeDocumentNotice(bytes: Uint8Array): DocumentNotice | null {
  return decoded(bytes, (decoder) => {
    const kind = DOCUMENT_KINDS[decoding.readVarUint(decoder)]
    const from = readNode(decoder)
    switch (kind) {
      case 'entries': {
        const first = seq(decoding.readVarUint(decoder))
        const entries: ToldEntry[] = []
        for (let rest = decoding.readVarUint(decoder); rest > 0; rest--) {
          const update = decoding.readVarUint8Array(decoder).slice()
          entries.push({ update, author: decoding.readVarUint(decoder) === 0 ? null : readMember(decoder) })
        }
        return { kind, from, first, entries }
      }
      case 'grown':
        return { kind, from, head: seq(decoding.readVarUint(decoder)) }
      case 'presence':
        return { kind, from, message: decoding.readVarUint8Array(decoder).slice() }
      case 'who-is-there':
        return { kind, from }
      default:
        return null
    }
  })
}

/** Null when the bytes are not a notice that this version knows. */
export function decodeNodeNotice(bytes: Uint8Array): NodeNotice | null {
  return decoded(bytes, (decoder) => {
    const kind = NODE_KINDS[decoding.readVarUint(decoder)]
    const document = parseDocumentName(decoding.readVarString(decoder))
    if (kind === undefined || !document.ok) return null
    const request = decoding.readVarUint(decoder)
    if (kind === 'forward') {
      const previous = decoding.readVarUint(decoder)
      const author = readMember(decoder)
      const sessionId = decoding.readVarString(decoder)
      const reply = decoding.readVarUint(decoder) === 1
      const doubted = decoding.readVarUint(decoder)
      const doubtedId = doubted === 0 ? null : doubted
      const update = decoding.readVarUint8Array(decoder).slice()
      return { kind, document: document.value, author, request, previous, sessionId, reply, doubtedId, update }
    }
    const from = readNode(decoder)
    const room = decoding.readVarUint(decoder)
    const answer = readAnswer(decoder)
    return answer === null ? null : { kind, from, document: document.value, room, request, answer }
  })
}

function writeAnswer(encoder: encoding.Encoder, answer: Answer): void {
  encoding.writeVarUint(encoder, ANSWERS.indexOf(answer.as))
  if (answer.as === 'in') encoding.writeVarUint(encoder, answer.upTo)
  else if (answer.as === 'gap') encoding.writeVarUint8Array(encoder, answer.stateVector)
  else if (answer.as === 'refused') {
    encoding.writeVarString(encoder, answer.refusal.code)
    encoding.writeVarUint(encoder, answer.refusal.path.length)
    for (const key of answer.refusal.path) encoding.writeVarString(encoder, key)
  }
}

function readAnswer(decoder: decoding.Decoder): Answer | null {
  const as = ANSWERS[decoding.readVarUint(decoder)]
  switch (as) {
    case 'in':
      return { as, upTo: seq(decoding.readVarUint(decoder)) }
    case 'gap':
      return { as, stateVector: decoding.readVarUint8Array(decoder).slice() }
    case 'refused': {
      // A node of ours said it; a code that only a newer one knows is passed on to the client, who takes any text.
      const code = decoding.readVarString(decoder) as RefusalCode
      const path = Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarString(decoder))
      return { as, refusal: { code, path } }
    }
    case 'unfaithful':
    case 'shut-out':
    case 'not-mine':
    case 'failed':
      return { as }
    default:
      return null
  }
}

function writeMember(encoder: encoding.Encoder, { node, room, member }: DistantMember): void {
  encoding.writeVarString(encoder, node)
  encoding.writeVarUint(encoder, room)
  encoding.writeVarUint(encoder, member)
}

function readMember(decoder: decoding.Decoder): DistantMember {
  const node = readNode(decoder)
  return { node, room: decoding.readVarUint(decoder), member: decoding.readVarUint(decoder) }
}

function readNode(decoder: decoding.Decoder): NodeId {
  return decoding.readVarString(decoder) as NodeId
}

function decoded<Notice>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => Notice | null): Notice | null {
  try {
    const decoder = decoding.createDecoder(bytes)
    const notice = read(decoder)
    return decoding.hasContent(decoder) ? null : notice
  } catch {
    // lib0 throws on bytes that end too early: that is its way of saying "not a notice".
    return null
  }
}
