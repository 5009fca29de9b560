// y-websocket reconnects on a timer of its own: this test awaits what it leads to, never a time.
import { expect, test } from 'vitest'
import { trustedId, type ProposalId } from '@dongbo/model/ids.ts'
import { acceptProposal, declineProposal } from '@dongbo/model/matrix/operations/decideProposal.ts'
import { propose, type Actor } from '@dongbo/model/matrix/operations/propose.ts'
import { readProposal } from '@dongbo/model/matrix/proposals/read.ts'
import { readTask } from '@dongbo/model/matrix/read.ts'
import { Line } from '@dongbo/testkit/line.ts'
import { isSaved, until } from '@dongbo/testkit/liveTab.ts'
import { FILM } from '@dongbo/testkit/matrices.ts'
import { mayWrite } from '@dongbo/testkit/mayWrite.ts'
import { coordinator, OFFICE, person, TODAY } from '@dongbo/testkit/people.ts'
import { House } from '@dongbo/testkit/seats.ts'

const ID = trustedId<ProposalId>('01P')
const actor = ({ personId, bodyId }: ReturnType<typeof person>): Actor => ({
  person: personId,
  body: bodyId,
  today: TODAY,
})

test('who accepts offline what others have declined meanwhile writes nothing, and is told', async () => {
  const house = new House()
  const document = await house.create()
  const office = await house.enter(document, person({ bodyId: OFFICE }))
  office.edit((matrix) => {
    const place = { on: 'text', task: FILM, field: 'titleVi' } as const
    propose(matrix, { id: ID, place, value: 'Phim truyện', reason: '' }, actor(person({ bodyId: OFFICE })), null)
  })
  await house.settle()

  const { line, tab } = Line.connect(house, document, person())
  tab.judgeBy(mayWrite(person()))
  await until(tab, (view) => isSaved(view) && readProposal(view.matrix, ID) !== null)
  line.cut()
  acceptProposal(tab.view.matrix, ID, actor(person()), '')
  expect(readTask(tab.view.matrix, FILM)?.titleVi).toBe('Phim truyện')
  const chief = await house.enter(document, coordinator())
  chief.edit((matrix) => declineProposal(matrix, ID, actor(coordinator()), 'giữ nguyên'))
  await house.settle()

  line.isUp = true
  await until(tab, (view) => view.refused.length > 0)
  await until(tab, isSaved)
  const durable = await house.durable(document)
  expect(readTask(durable, FILM)?.titleVi).toBe('Phim tài liệu')
  expect(readTask(tab.view.matrix, FILM)?.titleVi).toBe('Phim tài liệu')
  expect(readProposal(durable, ID)?.decision).toMatchObject({ state: 'declined', word: 'giữ nguyên' })
  expect(tab.view.refused).toContainEqual({
    path: ['tasks', FILM, 'titleVi'],
    mine: 'Phim truyện',
    theirs: 'Phim tài liệu',
    code: 'proposal-decided',
  })
  tab.close()
})
