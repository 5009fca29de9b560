import * as Y from 'yjs'
import { taskMap, taskText } from '@dongbo/model/matrix/shape.ts'
import { FAIR, FILM, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { TOURISM } from '@dongbo/testkit/people.ts'
import { encodeRaw, idUnder, NO_DELETES, rawItem, type Struct } from '@dongbo/testkit/rawUpdate.ts'

/** An update that costs Yjs, or a careless gate, far more than its bytes let one think. */
export interface Bomb {
  readonly what: string
  readonly verdict: string
  readonly update: Uint8Array
}

const ME = 666
const OWN_CELL = `${FILM}:${TOURISM}`
const times = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index))
const structs = (all: readonly Struct[]): Uint8Array => encodeRaw({ structs: all, deletes: NO_DELETES })

/** All that are known to hurt, for the document of `smallMatrix` and an officer who leads one of its tasks. */
export function bombs(): readonly Bomb[] {
  const matrix = smallMatrix()
  const row = taskMap(matrix, FILM)
  const title = taskText(matrix, FILM, 'titleVi')?._start
  const foreign = taskText(matrix, FAIR, 'titleVi')?._start
  if (row === null || !title || !foreign) throw new Error('the fixture has these')
  const beside = { origin: title.id, rightOrigin: Y.createID(title.id.client, title.id.clock + 1) }
  const chain = (content: (index: number) => Y.Item['content'], count: number, first: Y.ID): Uint8Array =>
    structs(times(count, (i) => rawItem(ME, i, content(i), { origin: i === 0 ? first : Y.createID(ME, i - 1) })))
  return [
    {
      what: '16,000 clients that wait for what nobody has',
      verdict: 'too-many-parts',
      update: structs(times(16_000, (i) => rawItem(1_000 + i, 5, new Y.ContentString('x'), beside))),
    },
    {
      what: '190 clients that wait for what nobody has',
      verdict: 'gap',
      update: structs(times(190, (i) => rawItem(1_000 + i, 5, new Y.ContentString('x'), beside))),
    },
    {
      what: '50,000 descending delete ranges',
      verdict: 'malformed',
      update: encodeRaw({
        structs: [],
        deletes: new Map([[1, times(50_000, (i) => ({ clock: (50_000 - i) * 2, len: 1 }))]]),
      }),
    },
    {
      what: '50,000 ascending delete ranges of what is not there',
      verdict: 'gap',
      update: encodeRaw({ structs: [], deletes: new Map([[1, times(50_000, (i) => ({ clock: i * 2, len: 1 }))]]) }),
    },
    {
      what: 'a count that takes 256 MB before the first struct is read',
      verdict: 'malformed',
      update: Uint8Array.of(1, 0xff, 0xff, 0xff, 0x0f, 9, 0),
    },
    {
      what: '50,000 marks beside one letter',
      verdict: 'unresolvable',
      update: structs(times(50_000, (i) => rawItem(ME, i, new Y.ContentFormat('bold', { i: i % 7 }), beside))),
    },
    {
      what: 'a list 10,000 deep',
      verdict: 'malformed',
      // By hand: no encoder gets so deep. One value in root `r`.
      update: Uint8Array.of(1, 1, 9, 0, 8, 1, 1, 0x72, 1, ...times(10_000, () => [117, 1]).flat(), 126, 0),
    },
    {
      what: '5,000 maps, each in the one before',
      verdict: 'unresolvable',
      update: structs(
        times(5_000, (i) =>
          rawItem(ME, i, new Y.ContentType(new Y.Map<unknown>()), {
            parent: i === 0 ? 'roles' : Y.createID(ME, i - 1),
            key: i === 0 ? OWN_CELL : 'x',
          }),
        ),
      ),
    },
    {
      what: '50,000 values under one key, each behind the one before',
      verdict: 'unresolvable',
      update: chain((i) => new Y.ContentAny([i % 101]), 50_000, idUnder(row, 'progressPct')),
    },
    {
      what: '50,000 values under one key, all behind the same',
      verdict: 'unresolvable',
      update: structs(
        times(50_000, (i) => rawItem(ME, i, new Y.ContentAny([1]), { origin: idUnder(row, 'progressPct') })),
      ),
    },
    {
      what: '50,000 letters, each before the one before',
      verdict: 'bad-value',
      update: structs(
        times(50_000, (i) =>
          rawItem(ME, i, new Y.ContentString('x'), {
            origin: title.id,
            rightOrigin: i === 0 ? beside.rightOrigin : Y.createID(ME, i - 1),
          }),
        ),
      ),
    },
    {
      what: '50,000 letters in another’s text',
      verdict: 'bad-value',
      update: chain(() => new Y.ContentString('x'), 50_000, foreign.id),
    },
    {
      what: '50,000 dead ticks, one by one',
      verdict: 'in',
      update: structs(times(50_000, (i) => new Y.GC(Y.createID(ME, i), 1))),
    },
    {
      what: '9,000 cells of columns that are not there',
      verdict: 'column-body-ended',
      update: structs(
        times(9_000, (i) =>
          rawItem(ME, i, new Y.ContentAny([['coordinate']]), { parent: 'roles', key: `${FILM}:b${i}` }),
        ),
      ),
    },
  ]
}
