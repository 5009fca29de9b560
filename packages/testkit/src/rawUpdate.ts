import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

export type Struct = Y.Item | Y.GC | Y.Skip
export interface Range {
  readonly clock: number
  readonly len: number
}
/** An update taken apart, so that a test can put together what no honest client would send. */
export interface RawUpdate {
  readonly structs: readonly Struct[]
  readonly deletes: ReadonlyMap<number, readonly Range[]>
}

export const NO_DELETES: RawUpdate['deletes'] = new Map()

/** Encodes structs as they are given (encoding v1): by client, in the given order, whatever they say. */
export function encodeRaw({ structs, deletes }: RawUpdate): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  const byClient = new Map<number, Struct[]>()
  for (const struct of structs) {
    const own = byClient.get(struct.id.client)
    if (own === undefined) byClient.set(struct.id.client, [struct])
    else own.push(struct)
  }
  encoding.writeVarUint(encoder.restEncoder, byClient.size)
  for (const [client, own] of byClient) {
    encoding.writeVarUint(encoder.restEncoder, own.length)
    encoder.writeClient(client)
    encoding.writeVarUint(encoder.restEncoder, own[0]?.id.clock ?? 0)
    for (const struct of own) struct.write(encoder, 0)
  }
  encoding.writeVarUint(encoder.restEncoder, deletes.size)
  for (const [client, ranges] of deletes) {
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoding.writeVarUint(encoder.restEncoder, clock)
      encoding.writeVarUint(encoder.restEncoder, len)
    }
  }
  return encoder.toUint8Array()
}

export function decodeRaw(update: Uint8Array): RawUpdate {
  const { structs, ds } = Y.decodeUpdate(update)
  return { structs, deletes: ds.clients }
}

/** What an item says about its place. */
export interface Place {
  readonly origin?: Y.ID | null
  readonly rightOrigin?: Y.ID | null
  /** A root's name or the id of a container's item. */
  readonly parent?: string | Y.ID | null
  readonly key?: string | null
}

type Content = Y.Item['content']

/** An item as it travels, before any document has it. */
export function rawItem(client: number, clock: number, content: Content, place: Place): Y.Item {
  const parent = place.parent ?? null
  const item = new Y.Item(
    Y.createID(client, clock),
    null,
    place.origin ?? null,
    null,
    place.rightOrigin ?? null,
    null,
    place.key ?? null,
    content,
  )
  // The types know only of parents in a document; on the way Yjs holds the name or the id here.
  Object.assign(item, { parent })
  return item
}

/** The id of the item that stands under a key. Throws when none ever did. */
export function idUnder(map: Y.Map<unknown>, key: string): Y.ID {
  const item = map._map.get(key)
  if (item === undefined) throw new Error(`nothing ever stood under ${key}`)
  return item.lastId
}

/** The id of the item that holds a container. Throws for a root. */
export function idOf(container: Y.Map<unknown> | Y.Text): Y.ID {
  if (container._item === null) throw new Error('a root has no id')
  return container._item.id
}
