import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addTask } from '@dongbo/model/matrix/operations/addTask.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { removeTask } from '@dongbo/model/matrix/operations/removeTask.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { trustedId, type TaskId } from '@dongbo/model/ids.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { UPDATE_CLIENTS_LIMIT, UPDATE_PARTS_LIMIT, VALUE_DEPTH_LIMIT } from '@dongbo/protocol/limits.ts'
import { FILM, replicaOf, SECTION, smallMatrix, SURVEY, updateOf } from '@dongbo/testkit/matrices.ts'
import { TOURISM } from '@dongbo/testkit/people.ts'
import { encodeRaw, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { scanUpdate } from './scan.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
/** 2⁵³ − 1, as a variable-length number. */
const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
/** One client with one struct: id 9, clock 0. */
const ONE = [1, 1, 9, 0]
const ROOT = [1, 1, 0x72]
/** A value under no key of root `r`, then no deletions. */
const any = (...value: number[]): Uint8Array => bytes(...ONE, 8, ...ROOT, 1, ...value, 0)

const edits: readonly [string, (matrix: MatrixDocument) => void][] = [
  ['types Vietnamese', (m) => editTaskText(m, FILM, 'titleVi', { index: 2, remove: 3, insert: 'ở Hà Nội 🎬' }, null)],
  ['sets a value', (m) => setTaskValue(m, FILM, 'progressPct', 60, null)],
  ['sets a cell', (m) => setCellRoles(m, FILM, TOURISM, ['coordinate', 'supply'], null)],
  [
    'adds a task',
    (m) => addTask(m, { id: trustedId<TaskId>('NV-I-9'), groupId: SECTION, texts: { titleVi: 'Việc' } }, null),
  ],
  ['removes a task', (m) => removeTask(m, SURVEY, null)],
]

describe('what an honest encoder writes passes', () => {
  test.each(edits)('%s', (_what, edit) => {
    const replica = replicaOf(smallMatrix())
    expect(scanUpdate(updateOf(replica, edit))).toBeNull()
    expect(scanUpdate(Y.encodeStateAsUpdate(replica.doc))).toBeNull()
  })

  test('nothing at all', () => {
    expect(scanUpdate(bytes(0, 0))).toBeNull()
  })

  test('every kind of plain value', () => {
    const doc = new Y.Doc()
    doc
      .getMap('r')
      .set('k', [null, undefined, true, false, 1, -70, 1.5, 0.1, 2n ** 40n, 'chữ', { a: [1] }, bytes(1, 2)])
    expect(scanUpdate(Y.encodeStateAsUpdate(doc))).toBeNull()
  })
})

describe('an update that is cut off anywhere is refused', () => {
  test.each(edits)('%s', (_what, edit) => {
    const update = updateOf(replicaOf(smallMatrix()), edit)
    for (let length = 0; length < update.length; length++) {
      expect(scanUpdate(update.slice(0, length)), `the first ${length} of ${update.length} bytes`).toBe('malformed')
    }
    expect(scanUpdate(Uint8Array.from([...update, 0]))).toBe('malformed')
  })
})

const malformed: readonly [string, Uint8Array][] = [
  ['no bytes', bytes()],
  ['a count of structs far beyond the bytes', bytes(1, ...HUGE, 9, 0)],
  ['a count of deleted clients far beyond the bytes', bytes(0, ...HUGE)],
  ['a count of delete ranges far beyond the bytes', bytes(0, 1, 9, ...HUGE)],
  ['a count of values far beyond the bytes', bytes(...ONE, 8, ...ROOT, ...HUGE, 0)],
  ['a count of JSON values far beyond the bytes', bytes(...ONE, 2, ...ROOT, ...HUGE, 0)],
  ['a length of text far beyond the bytes', bytes(...ONE, 4, ...ROOT, ...HUGE, 0)],
  ['a client without structs', bytes(1, 0, 9, 0, 0)],
  ['a dead struct of no length', bytes(...ONE, 0, 0, 0)],
  ['a tombstone of no length', bytes(...ONE, 1, ...ROOT, 0, 0)],
  ['a text of no length', bytes(...ONE, 4, ...ROOT, 0, 0)],
  ['no values', bytes(...ONE, 8, ...ROOT, 0, 0)],
  ['no JSON values', bytes(...ONE, 2, ...ROOT, 0, 0)],
  ['a skip', bytes(...ONE, 10, 5, 0)],
  ['a sub-document', bytes(...ONE, 9, ...ROOT, 1, 0x78, 118, 0, 0)],
  ['an unknown content', bytes(...ONE, 11, ...ROOT, 1, 0)],
  ['an unknown type', bytes(...ONE, 7, ...ROOT, 7, 0)],
  ['flags on a dead struct', bytes(...ONE, 0x20, 1, 0)],
  ['a parent that is neither a name nor an id', bytes(...ONE, 4, 2, 1, 0x72, 1, 0x61, 0)],
  ['a client count longer than needed', bytes(0x80, 0, 0)],
  ['a clock longer than needed', bytes(1, 1, 9, 0x80, 0, 0, 1, 0)],
  ['a number beyond 2⁵³', bytes(1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0, 1, 0)],
  ['a number without end', bytes(...Array<number>(64).fill(0xff))],
  ['a clock that runs beyond 2⁵³', bytes(1, 1, 9, ...HUGE, 0, 1, 0)],
  ['the same client twice', bytes(2, 1, 9, 0, 0, 1, 1, 9, 1, 0, 1, 0)],
  ['the same deleted client twice', bytes(0, 2, 9, 1, 0, 1, 9, 1, 4, 1)],
  ['a deleted client without ranges', bytes(0, 1, 9, 0)],
  ['a delete range of no length', bytes(0, 1, 9, 1, 0, 0)],
  ['descending delete ranges', bytes(0, 1, 9, 2, 5, 1, 0, 1)],
  ['overlapping delete ranges', bytes(0, 1, 9, 2, 0, 3, 2, 2)],
  ['delete ranges that touch', bytes(0, 1, 9, 2, 0, 3, 3, 2)],
  ['the same delete range twice', bytes(0, 1, 9, 2, 0, 3, 0, 3)],
  ['bytes left over', bytes(0, 0, 0)],
  ['an unknown kind of value', any(115)],
  ['a list that is longer than its values', any(117, 3, 126)],
  ['an object without its value', any(118, 1, 1, 0x61)],
  ['the merge-erase frame', bytes(1, 1, 1, 0, 0, 5, 0, 0)],
]

describe('what no honest encoder writes is refused before anything is decoded', () => {
  test.each(malformed)('%s', (_what, update) => {
    expect(scanUpdate(update)).toBe('malformed')
  })

  test('a frame that swallows a victim’s next edits has an honest form: ownership refuses it, not the scan', () => {
    expect(scanUpdate(bytes(1, 1, 1, 0, 0, 5, 0))).toBeNull()
  })
})

describe('counts', () => {
  test('values are as deep as allowed and no deeper', () => {
    const nested = (depth: number): Uint8Array => any(...Array<number[]>(depth).fill([117, 1]).flat(), 126)
    expect(scanUpdate(nested(VALUE_DEPTH_LIMIT))).toBeNull()
    expect(scanUpdate(nested(VALUE_DEPTH_LIMIT + 1))).toBe('malformed')
    expect(scanUpdate(nested(10_000))).toBe('malformed')
  })

  test('clients', () => {
    const update = (clients: number): Uint8Array =>
      encodeRaw({
        structs: Array.from({ length: clients }, (_, client) => new Y.GC(Y.createID(client + 1, 0), 1)),
        deletes: NO_DELETES,
      })
    expect(scanUpdate(update(UPDATE_CLIENTS_LIMIT))).toBeNull()
    expect(scanUpdate(update(UPDATE_CLIENTS_LIMIT + 1))).toBe('too-many-parts')
  })

  test('structs, delete ranges and the parts of values together', () => {
    const structs = Array.from({ length: 300 }, (_, clock) =>
      rawItem(9, clock, new Y.ContentAny([clock]), { parent: 'r' }),
    )
    const ranges = (count: number) =>
      new Map([[9, Array.from({ length: count }, (_, i) => ({ clock: i * 2, len: 1 }))]])
    // One part for the deleted client.
    const fitting = UPDATE_PARTS_LIMIT - structs.length - 1
    expect(scanUpdate(encodeRaw({ structs, deletes: ranges(fitting) }))).toBeNull()
    expect(scanUpdate(encodeRaw({ structs, deletes: ranges(fitting + 1) }))).toBe('too-many-parts')
    const list = any(117, 0xe0, 0xd4, 0x03, ...Array<number>(60_000).fill(126))
    expect(scanUpdate(list)).toBe('too-many-parts')
  })
})
