import { instant } from '@dongbo/kernel/clock.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { CLIENT_ID_KEPT_MS, type ClientIds } from '@dongbo/sync/ports/clientIds.ts'
import { seq, type UpdateLog } from '@dongbo/sync/ports/updateLog.ts'
import { describe, expect, test } from 'vitest'

const OFFICER = trustedId<PersonId>('svhtt-officer')
const OTHER_OFFICER = trustedId<PersonId>('sdl-officer')

const HOUR_MS = 3_600_000

let documents = 0

interface ClientIdsTrial {
  readonly ids: ClientIds
  readonly log: UpdateLog
  /** Makes everything that was held in a document that much older. */
  age(document: DocumentName, ms: number): Promise<void>
}

/** The exam of every `ClientIds`: over the log that binds the ids to people. */
export function clientIdsContract(adapter: string, open: () => Promise<ClientIdsTrial>): void {
  describe(`client ids: ${adapter}`, () => {
    /** A document in which the officer has written under the given ids. */
    async function written(...clientIds: readonly number[]) {
      const { ids, log, age } = await open()
      documents += 1
      const parsed = parseDocumentName(`matrix/ids-${documents}`)
      if (!parsed.ok) throw new Error(parsed.error)
      const document = parsed.value
      const entry = { document, seq: seq(1), update: new Uint8Array(), personId: null, bodyId: null, at: instant(0) }
      await log.create(entry, 'g1')
      await log.append({ entries: [], newOwners: clientIds.map((clientId) => own(document, clientId)) })
      return { ids, document, age: async (ms: number) => await age(document, ms) }
    }

    const own = (document: DocumentName, clientId: number, personId = OFFICER) => ({ document, clientId, personId })

    test('who has written nowhere, or has freed nothing, is given none', async () => {
      const { ids, document } = await written(7)
      expect(await ids.take(document, OTHER_OFFICER)).toBeNull()
      expect(await ids.take(document, OFFICER)).toBeNull()
    })

    test('what was freed is given out once, to its owner only', async () => {
      const { ids, document } = await written(7, 4_294_967_295)
      await ids.free(document, OFFICER, 4_294_967_295)
      expect(await ids.take(document, OTHER_OFFICER)).toBeNull()
      expect(await ids.take(document, OFFICER)).toBe(4_294_967_295)
      expect(await ids.take(document, OFFICER)).toBeNull()
    })

    test('nobody frees what is another’s, and freeing an unknown id does nothing', async () => {
      const { ids, document } = await written(7)
      await ids.free(document, OTHER_OFFICER, 7)
      await ids.free(document, OTHER_OFFICER, 8)
      expect(await ids.take(document, OTHER_OFFICER)).toBeNull()
      expect(await ids.take(document, OFFICER)).toBeNull()
    })

    test('who holds an id anew keeps it from being given out; it is never another’s', async () => {
      const { ids, document } = await written(7)
      await ids.free(document, OFFICER, 7)
      expect(await ids.hold(document, OTHER_OFFICER, 7)).toBe('not-its-own')
      expect(await ids.hold(document, OFFICER, 7)).toBe('its-own')
      expect(await ids.hold(document, OFFICER, 7)).toBe('its-own')
      expect(await ids.take(document, OFFICER)).toBeNull()
      expect(await ids.hold(document, OTHER_OFFICER, 8)).toBe('its-own')
    })

    test('one id is never given to two who ask at once', async () => {
      const all = Array.from({ length: 10 }, (_, index) => index + 100)
      const { ids, document } = await written(...all)
      for (const id of all) await ids.free(document, OFFICER, id)
      const asked = await Promise.all(Array.from({ length: 20 }, async () => await ids.take(document, OFFICER)))
      const given = asked.filter((id) => id !== null)
      expect(new Set(given).size).toBe(given.length)
      // One that two grasped for at the same moment may stay: it is given out at the next question.
      for (let id = await ids.take(document, OFFICER); id !== null; id = await ids.take(document, OFFICER))
        given.push(id)
      expect(given.toSorted((a, b) => a - b)).toEqual(all)
    })

    test('one that nobody has held for thirty days is given out again, to its owner only and once', async () => {
      const { ids, document, age } = await written(7)
      await age(CLIENT_ID_KEPT_MS - HOUR_MS)
      expect(await ids.take(document, OFFICER)).toBeNull()
      await age(HOUR_MS)
      expect(await ids.take(document, OTHER_OFFICER)).toBeNull()
      expect(await ids.take(document, OFFICER)).toBe(7)
      expect(await ids.take(document, OFFICER)).toBeNull()
      await age(CLIENT_ID_KEPT_MS)
      expect(await ids.take(document, OFFICER)).toBe(7)
    })

    test('holding makes it young again, and a free one is given out before an old one', async () => {
      const { ids, document, age } = await written(5, 7, 9)
      await age(CLIENT_ID_KEPT_MS)
      await ids.hold(document, OFFICER, 5)
      await ids.free(document, OFFICER, 9)
      expect(await ids.take(document, OFFICER)).toBe(9)
      expect(await ids.take(document, OFFICER)).toBe(7)
      expect(await ids.take(document, OFFICER)).toBeNull()
    })

    test('that an id was passed on without having been freed is said to whoever holds it, from then on', async () => {
      const { ids, document, age } = await written(7, 9)
      await ids.free(document, OFFICER, 9)
      expect(await ids.take(document, OFFICER)).toBe(9)
      expect(await ids.hold(document, OFFICER, 9)).toBe('its-own')
      await age(CLIENT_ID_KEPT_MS)
      await ids.hold(document, OFFICER, 9)
      expect(await ids.take(document, OFFICER)).toBe(7)
      expect(await ids.hold(document, OFFICER, 7)).toBe('passed-on')
      await ids.free(document, OFFICER, 7)
      expect(await ids.take(document, OFFICER)).toBe(7)
      expect(await ids.hold(document, OFFICER, 7)).toBe('passed-on')
      expect(await ids.hold(document, OTHER_OFFICER, 7)).toBe('not-its-own')
    })

    test('each document has its own', async () => {
      const { ids, document } = await written(7)
      const { document: second } = await written(7)
      await ids.free(document, OFFICER, 7)
      expect(await ids.take(second, OFFICER)).toBeNull()
      expect(await ids.take(document, OFFICER)).toBe(7)
    })
  })
}
