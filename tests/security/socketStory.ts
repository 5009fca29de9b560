import type { Connection } from '@dongbo/db/connect.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { trustedId, type BodyId, type TaskId } from '@dongbo/model/ids.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { setCellRoles } from '@dongbo/model/matrix/operations/setCellRoles.ts'
import { setTaskValue } from '@dongbo/model/matrix/operations/setTaskValue.ts'
import { readCellRoles, readTask } from '@dongbo/model/matrix/read.ts'
import { CLOSE_CODES } from '@dongbo/protocol/closeCodes.ts'
import { syncStep1Message, updateMessage } from '@dongbo/protocol/messages.ts'
import { examineDocuments } from '@dongbo/server/compose/examineDocuments.ts'
import { DEMO_MATRIX } from '@dongbo/testkit/liveTab.ts'
import { knownNames, mutateBytes, mutateStructs } from '@dongbo/testkit/mutations.ts'
import { encodeRaw, NO_DELETES, rawItem } from '@dongbo/testkit/rawUpdate.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { demoServer, type DemoServer } from '../contract/demoServer.ts'
import { middleOfThree } from '../contract/middleOfThree.ts'
import { RawClient } from './rawClient.ts'

/** Led by culture (`svhtt`). */
const TASK = trustedId<TaskId>('NV-I-2')
const CULTURE = trustedId<BodyId>('svhtt')
const TOURISM = trustedId<BodyId>('sdl')
const CODE = (reason: keyof typeof CLOSE_CODES): number => CLOSE_CODES[reason].code

/** Everything that a bare socket with an honest cookie may try, over the database that `open` gives. */
export function socketStory(engine: string, open: () => Promise<Connection>): void {
  describe(`a bare socket with a demo account’s cookie, ${engine}`, () => {
    let server: DemoServer
    let tourism: string
    let culture: string
    /** Somebody else who works all the while: whatever happens to the others, he goes on. */
    let bystander: RawClient

    beforeAll(async () => {
      server = await demoServer({}, await open())
      await server.listen()
      ;[tourism, culture] = await Promise.all([server.signIn('sdl.officer'), server.signIn('svhtt.officer')])
      bystander = await RawClient.open(server, culture)
    })
    afterAll(async () => {
      await server.stop()
    })

    const entries = async (): Promise<number> => {
      const [diagnosis] = await examineDocuments(server.connection.database)
      expect(diagnosis?.findings).toEqual([])
      return diagnosis?.entries ?? 0
    }
    const durable = async (): Promise<string> => {
      const stored = await databaseUpdateLog(server.connection.database).load(DEMO_MATRIX)
      const doc = new Y.Doc()
      for (const root of ['groups', 'tasks', 'roles']) doc.getMap(root)
      if (stored?.snapshot) Y.applyUpdate(doc, stored.snapshot.update)
      for (const { update } of stored?.tail ?? []) Y.applyUpdate(doc, update)
      return JSON.stringify(doc.toJSON())
    }
    /** The bystander types and is told that it is durable: the server is alive and he is unharmed. */
    const bystanderWorks = async (): Promise<void> => {
      bystander.edit((matrix) => editTaskText(matrix, TASK, 'noteVi', { index: 0, remove: 0, insert: '.' }, null))
      await bystander.hear('saved')
    }

    test('another body’s cell: refused with its place, nothing changes, nobody hears of it', async () => {
      const client = await RawClient.open(server, tourism)
      const [before, count] = [await durable(), await entries()]
      client.edit((matrix) => setCellRoles(matrix, TASK, CULTURE, ['inform'], null))
      expect(await client.hear('refused')).toMatchObject({
        count: 1,
        code: 'other-bodys-cell',
        path: ['roles', `${TASK}:${CULTURE}`],
      })
      // Nothing more is taken from a copy that is ahead for ever.
      client.edit((matrix) => setCellRoles(matrix, TASK, TOURISM, ['inform'], null))
      client.send(syncStep1Message(Uint8Array.of(0)))
      await client.hear('answer')
      expect([await durable(), await entries()]).toEqual([before, count])
      expect(readCellRoles(bystander.matrix, TASK, CULTURE)).not.toContain('inform')
      await bystanderWorks()
      client.leave()
    })

    test('one foreign write spoils the whole update, however it is packed', async () => {
      const before = await durable()
      const packs: ((client: RawClient) => void)[] = [
        (client) =>
          client.edit((matrix) => {
            setCellRoles(matrix, TASK, TOURISM, ['advise', 'inform'], null)
            setTaskValue(matrix, TASK, 'progressPct', 99, null)
          }),
        (client) =>
          client.edit((matrix) => editTaskText(matrix, TASK, 'titleVi', { index: 0, remove: 2, insert: '' }, null)),
        (client) => client.edit((matrix) => matrix.tasks.delete(TASK)),
        (client) => client.edit((matrix) => matrix.doc.getMap('policy').set('admin', true)),
        (client) => {
          const standing = client.matrix.roles._map.get(`${TASK}:${CULTURE}`)
          const origin = standing?.lastId ?? null
          client.sendUpdate(
            encodeRaw({
              structs: [
                rawItem(4_000_001, 0, new Y.ContentDeleted(1), { origin, parent: 'roles', key: `${TASK}:${CULTURE}` }),
              ],
              deletes: NO_DELETES,
            }),
          )
        },
      ]
      for (const pack of packs) {
        const client = await RawClient.open(server, tourism)
        pack(client)
        await client.hear('refused')
        client.leave()
      }
      expect(await durable()).toBe(before)
      await bystanderWorks()
    })

    test('a client without our subprotocol is closed with 4403', async () => {
      const client = await RawClient.open(server, tourism, { speaksDongbo: false })
      client.edit((matrix) => setCellRoles(matrix, TASK, CULTURE, ['inform'], null))
      expect(await client.closed).toBe(CODE('write-refused'))
    })

    test('an observer writes nothing', async () => {
      const client = await RawClient.open(server, await server.signIn('admin'))
      const count = await entries()
      client.sendUpdate(encodeRaw({ structs: [new Y.GC(Y.createID(4_000_002, 0), 1)], deletes: NO_DELETES }))
      expect(await client.hear('refused')).toMatchObject({ code: 'observer' })
      expect(await entries()).toBe(count)
      client.leave()
    })

    test('another’s client id is his: dead ticks under it swallow nothing (fault 38)', async () => {
      await bystanderWorks()
      const victim = bystander.matrix.doc.clientID
      const client = await RawClient.open(server, tourism)
      client.sendUpdate(
        encodeRaw({
          structs: [new Y.GC(Y.createID(victim, Y.getState(bystander.matrix.doc.store, victim)), 50)],
          deletes: NO_DELETES,
        }),
      )
      expect(await client.hear('refused')).toMatchObject({ code: 'foreign-client-id' })
      client.leave()
      const length = readTask(bystander.matrix, TASK)?.noteVi.length ?? 0
      for (let i = 0; i < 20; i++) await bystanderWorks()
      const fresh = await RawClient.open(server, tourism)
      expect(readTask(fresh.matrix, TASK)?.noteVi).toHaveLength(length + 20)
      fresh.leave()
    })

    test('frames repeated, out of order and of somebody else do no harm (fault 32)', async () => {
      const sender = await RawClient.open(server, culture)
      const updates: Uint8Array[] = []
      sender.matrix.doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== 'server') updates.push(update)
      })
      for (const letter of ['a', 'b', 'c'])
        editTaskText(sender.matrix, TASK, 'titleEn', { index: 0, remove: 0, insert: letter }, null)
      const [a, b, c] = updates
      if (a === undefined || b === undefined || c === undefined) throw new Error('three edits were made')
      sender.sendUpdate(a)
      sender.sendUpdate(a)
      // The second comes after the third: the server asks for what is missing and has it in the answer.
      sender.sendUpdate(c)
      const { bytes } = await sender.hear('asks')
      sender.sendUpdate(b)
      sender.send(updateMessage(Y.encodeStateAsUpdate(sender.matrix.doc, bytes)))
      await bystander.until((matrix) => readTask(matrix, TASK)?.titleEn.startsWith('cba') === true)
      // What everybody has is nothing new, whoever says it.
      const echo = await RawClient.open(server, tourism)
      const count = await entries()
      echo.sendUpdate(c)
      expect(await echo.hear('saved')).toMatchObject({ count: 1 })
      expect(await entries()).toBe(count)
      sender.leave()
      echo.leave()
    })

    test('300 mangled frames: each closes or is refused, nothing is stored, nobody else notices (fault 33)', async () => {
      const random = seededRandom(7)
      const count = await entries()
      const before = await durable()
      const codes = new Set<number | string>()
      // Several people, because nobody may open so many sockets at once.
      const hostile = await Promise.all(
        ['sdl.officer', 'sdl.approver', 'stc.officer', 'stc.approver'].map((account) => server.signIn(account)),
      )
      const openNext = async (turn: number) => await RawClient.open(server, hostile[turn % hostile.length] ?? tourism)
      let client = await openNext(0)
      for (let i = 0; i < 300; i++) {
        const copy = new Y.Doc()
        Y.applyUpdate(copy, Y.encodeStateAsUpdate(client.matrix.doc))
        const map = copy.getMap<Y.Map<unknown>>('tasks').get(TASK)
        const state = Y.encodeStateVector(copy)
        map?.set('progressPct', random.below(100))
        const foreign = Y.encodeStateAsUpdate(copy, state)
        const frame = updateMessage(random.below(2) === 0 ? mutateStructs(random, foreign, knownNames(copy)) : foreign)
        codes.add(await client.outcomeOf(random.below(3) === 0 ? frame : mutateBytes(random, frame)))
        client.leave()
        client = await openNext(i)
      }
      client.leave()
      expect(codes.has(CODE('bad-frame'))).toBe(true)
      expect(codes.size).toBeGreaterThan(2)
      expect(await durable()).toBe(before)
      expect(await entries()).toBe(count)
      await bystanderWorks()
    })

    test('who asks for the whole document without end is slowed down (fault 46)', async () => {
      const client = await RawClient.open(server, tourism)
      for (let i = 0; i < 50; i++) client.send(syncStep1Message(Uint8Array.of(0)))
      expect(await client.closed).toBe(CODE('slow-down'))
      await bystanderWorks()
    })

    test('signed out in the middle of work: 4401 within a second, and the cookie opens nothing', async () => {
      let cookie = ''
      const signInAndOut = async () => {
        cookie = await server.signIn('sdl.approver')
        const client = await RawClient.open(server, cookie)
        await server.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } })
        expect(await client.closed).toBe(CODE('signed-out'))
      }
      expect(await middleOfThree(signInAndOut)).toBeLessThan(1_000)
      const again = server.socket('/sync/matrix/kh-2026', { cookie, origin: server.origin })
      const refused = new Promise((resolve) =>
        again.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
      )
      again.on('error', () => undefined)
      expect(await refused).toBe(401)
      await bystanderWorks()
    })
  })
}
