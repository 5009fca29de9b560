import * as Y from 'yjs'
import { generateKeyBetween } from 'fractional-indexing'
import type { GroupId } from '../../ids.ts'
import { readGroups } from '../read.ts'
import type { MatrixDocument } from '../shape.ts'

/** Adds a group (section) behind the last one. */
export function addGroup(
  matrix: MatrixDocument,
  group: { readonly id: GroupId; readonly nameVi: string; readonly nameEn: string },
  origin: unknown,
): void {
  matrix.doc.transact(() => {
    const order = generateKeyBetween(readGroups(matrix).at(-1)?.order ?? null, null)
    const map = new Y.Map<unknown>()
    map.set('nameVi', group.nameVi.normalize('NFC'))
    map.set('nameEn', group.nameEn.normalize('NFC'))
    map.set('order', order)
    matrix.groups.set(group.id, map)
  }, origin)
}
