import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom } from '@dongbo/kernel/random.ts'
import type { PersonId } from '@dongbo/model/ids.ts'
import { matrixViolations } from '@dongbo/model/matrix/invariants.ts'
import { taskMap } from '@dongbo/model/matrix/shape.ts'
import { act, desksOf, type Desk } from '@dongbo/testkit/desks.ts'
import { FILM, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { pick } from '@dongbo/testkit/mutations.ts'
import { planFacts } from '@dongbo/testkit/people.ts'
import { decideMatrixChanges } from './decideMatrixChanges.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'

const SEEDS = 24
const STEPS = 260

describe('honest work is never refused', () => {
  let updates = 0
  let undone = 0
  let merged = 0

  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))('seed %i', (seed) => {
    const random = seededRandom(seed)
    const server = smallMatrix()
    const owners = new Map<number, PersonId>()
    const desks = desksOf(random, server)

    const receive = (desk: Desk, update: Uint8Array): void => {
      const { who } = desk
      const verdict = judge(server.doc, update, who.personId, owners, decideMatrixChanges(server, who, planFacts()))
      const input = (): string => `seed ${seed}, ${who.displayName}: ${Buffer.from(update).toString('base64')}`
      if (!verdict.ok) throw new Error(`${verdict.error.code} at ${verdict.error.path.join('/')}, ${input()}`)
      for (const client of verdict.value.newClients) owners.set(client, who.personId)
      const { emitted, faithful } = integrate(server.doc, verdict.value.update, verdict.value.changes, null)
      expect(faithful, input()).toBe(true)
      updates++
      if (emitted !== null) for (const other of desks) if (other !== desk) other.inbox.push(emitted)
    }
    const send = (desk: Desk): void => {
      if (desk.waiting > 1) merged++
      for (const update of desk.send(random, server.doc)) receive(desk, update)
    }

    for (let step = 0; step < STEPS; step++) {
      const desk = pick(random, desks)
      if (random.below(15) === 0) desk.offline = !desk.offline
      const stack = desk.undo.redoStack.length
      act(random, desk, step)
      if (desk.undo.redoStack.length > stack) undone++
      if (!desk.offline && random.below(3) > 0) send(desk)
      if (!desk.offline && random.below(3) > 0) desk.hear()
    }
    for (const desk of desks) send(desk)
    for (const desk of desks) desk.hear()
    for (const { matrix } of desks) expect(matrix.doc.toJSON()).toEqual(server.doc.toJSON())
    for (const { matrix } of desks) expect(Y.encodeStateVector(matrix.doc)).toEqual(Y.encodeStateVector(server.doc))
    expect(matrixViolations(server)).toEqual([])
    expect(taskMap(server, FILM)).not.toBeNull()
  })

  test('the runs were not vacuous', () => {
    expect(updates).toBeGreaterThanOrEqual(3_000)
    expect(undone).toBeGreaterThan(300)
    expect(merged).toBeGreaterThan(300)
  })
})
