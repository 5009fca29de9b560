import * as Y from 'yjs'
import type { DocumentChange } from '@dongbo/model/documentChange.ts'
import { NeighbourOrder } from './place.ts'
import { JudgedPlaces } from './judgedPlaces.ts'

export interface Integration {
  /** What Yjs emitted, the only bytes that are ever stored; null when the update changed nothing. */
  readonly emitted: Uint8Array | null
  /** Whether everything that happened was judged. False: the document must be thrown away and read from the log again. */
  readonly faithful: boolean
}

/**
 * Applies a judged update and compares what Yjs really integrated with what was judged: every new struct and every
 * deletion must lie at or below a judged path, or have no effect, and nothing may be left pending. The verdict is about
 * what Yjs did, not about what a parser thought it would do.
 */
export function integrate(
  doc: Y.Doc,
  update: Uint8Array,
  judged: readonly DocumentChange[],
  origin: unknown,
): Integration {
  const touched = new JudgedPlaces()
  const erased = new JudgedPlaces()
  for (const { kind, path } of judged) {
    touched.add(path)
    if (kind === 'erase') erased.add(path)
  }
  let emitted: Uint8Array | null = null
  let faithful = true
  const inspect = (transaction: Y.Transaction): void => {
    faithful &&= structsAreJudged(doc, transaction, touched) && deletionsAreJudged(doc, transaction, touched, erased)
  }
  const keep = (bytes: Uint8Array): void => {
    // In a text with marks Yjs tidies up after itself, in a transaction of its own.
    emitted = emitted === null ? bytes : Y.mergeUpdates([emitted, bytes])
  }
  doc.on('afterTransaction', inspect)
  doc.on('update', keep)
  try {
    Y.applyUpdate(doc, update, origin)
  } catch {
    // Yjs is not atomic: some structs may be in although it threw. The caller rebuilds the document from the log.
    faithful = false
  } finally {
    doc.off('afterTransaction', inspect)
    doc.off('update', keep)
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) faithful = false
  return { emitted, faithful }
}

function structsAreJudged(doc: Y.Doc, transaction: Y.Transaction, touched: JudgedPlaces): boolean {
  const order = new NeighbourOrder(doc)
  for (const [client, after] of transaction.afterState) {
    const before = transaction.beforeState.get(client) ?? 0
    const structs = doc.store.clients.get(client)
    if (after === before || structs === undefined) continue
    for (let i = Y.findIndexSS(structs, before); i < structs.length; i++) {
      const struct = structs[i]
      if (!(struct instanceof Y.Item)) continue
      if (!struct.deleted && !touched.holds(struct)) return false
      if (!standsBetween(struct, order)) return false
    }
  }
  return true
}

/** Where Yjs put it must be between the neighbours that it names, or no two replicas need agree about it. */
function standsBetween({ id, origin, rightOrigin, parent, length }: Y.Item, order: NeighbourOrder): boolean {
  if (!(parent instanceof Y.AbstractType)) return true
  if (origin !== null && !order.stands(origin, id)) return false
  return rightOrigin === null || order.stands(Y.createID(id.client, id.clock + length - 1), rightOrigin)
}

function deletionsAreJudged(
  doc: Y.Doc,
  transaction: Y.Transaction,
  touched: JudgedPlaces,
  erased: JudgedPlaces,
): boolean {
  let judged = true
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (!(struct instanceof Y.Item) || !judged) return
    // What this transaction brought and took away again was never seen by anybody.
    if (struct.id.clock >= (transaction.beforeState.get(struct.id.client) ?? 0)) return
    // A key that is left without a value was judged as that; one that has a new value, by that value.
    judged = (leavesKeyEmpty(struct) ? erased : touched).holds(struct)
  })
  return judged && doc.store.pendingDs === null
}

function leavesKeyEmpty(item: Y.Item): boolean {
  if (item.parentSub === null || !(item.parent instanceof Y.AbstractType)) return false
  return item.parent._map.get(item.parentSub)?.deleted === true
}
