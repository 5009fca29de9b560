// y-websocket reconnects on a timer of its own: these tests await what it leads to, never a time.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { Computer, type ComputerTab } from '@dongbo/testkit/computer.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { FAIR, FILM, replicaOf, smallMatrix, updateOf } from '@dongbo/testkit/matrices.ts'
import { mayWrite } from '@dongbo/testkit/mayWrite.ts'
import { person } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'
import { RefusedEdits } from './refusedEdits.ts'

const computers: Computer[] = []
beforeEach(() => {
  Reflect.set(globalThis, 'indexedDB', new IDBFactory())
})
afterEach(() => {
  for (const one of computers.splice(0)) one.off()
})

function type({ connection }: ComputerTab, insert: string, task = FILM): void {
  editTaskText(connection.view.matrix, task, 'titleVi', { index: 0, remove: 0, insert }, connection.origin)
}

/** A tab whose one message was refused, in a fresh copy, not knowing yet what may be written again. */
async function refusedTab(): Promise<{ pc: Computer; tab: ComputerTab }> {
  const house = new House()
  const pc = new Computer(house, await house.create())
  computers.push(pc)
  const tab = pc.open(person(), { may: null })
  await until(tab.connection, isSaved)
  tab.line.cut()
  type(tab, 'được phép ')
  type(tab, 'không được ', FAIR)
  const { matrix } = tab.connection.view
  tab.line.isUp = true
  tab.connection.retry()
  await until(tab.connection, (view) => view.matrix !== matrix && view.save.at === 'sending')
  return { pc, tab }
}

/** The server comes back from a backup, as another history. */
async function restore({ house, document }: Computer): Promise<void> {
  // Nobody is in the room any more, so the restored document is what the next one opens.
  house.clock.advance(3_600_000)
  await house.settle()
  const { documents } = house.log.kept
  const kept = documents.get(document)
  if (kept === undefined) throw new Error('it was created')
  documents.set(document, { ...kept, generation: 'generation-2' })
}

test('what was about to be written again when the document was restored is offered, and never sent', async () => {
  const { pc, tab } = await refusedTab()
  tab.connection.judgeBy(mayWrite(person()))
  tab.line.cut()
  await tab.connection.flush()
  expect(tab.connection.view.save).toMatchObject({ at: 'offline', waiting: 1 })
  await restore(pc)
  tab.line.isUp = true
  tab.connection.retry()
  await until(tab.connection, (view) => isSaved(view) && view.refused.length === 2)
  const offered = [
    {
      path: ['tasks', FAIR, 'titleVi'],
      mine: 'không được Hội chợ quốc tế',
      theirs: 'Hội chợ quốc tế',
      code: 'lead-only',
    },
    { path: ['tasks', FILM, 'titleVi'], mine: 'được phép Phim tài liệu', theirs: 'Phim tài liệu', code: 'generation' },
  ]
  expect(tab.connection.view.refused).toEqual(offered)
  await pc.crash(tab)

  const next = pc.open(person())
  await until(next.connection, isSaved)
  expect(next.connection.view.refused).toEqual(offered)
  expect(readTask(await pc.house.durable(pc.document), FILM)?.titleVi).toBe('Phim tài liệu')
})

test('a settlement that is not on the device yet when the history ends is over with it', () => {
  const kept = replicaOf(smallMatrix(), 7)
  const update = updateOf(kept, (matrix) =>
    editTaskText(matrix, FILM, 'titleVi', { index: 0, remove: 0, insert: 'A' }, null),
  )
  const edit = { update, paths: [['tasks', FILM, 'titleVi']] }
  const refused = new RefusedEdits(() => null)
  refused.setAside({ matrix: kept, edits: [edit], code: 'lead-only', blocked: [] })
  const settled = refused.settle(smallMatrix(), 8)
  expect(settled?.again.edits).toHaveLength(1)
  const over = refused.offerAll([], 'generation')
  expect(over).toEqual({
    // The device holds what was to be written again by then, and no longer what was refused.
    aside: settled?.again.edits,
    notTaken: [{ path: ['tasks', FILM, 'titleVi'], mine: 'APhim tài liệu', code: 'generation' }],
  })
  expect(settled !== null && refused.finish(settled)).toBe(false)
  expect(refused.at(smallMatrix())).toHaveLength(1)
})
