import { instant } from '@dongbo/kernel/clock.ts'
import { seededRandom } from '@dongbo/kernel/random.ts'
import { parseDocumentName, type DocumentName } from '@dongbo/model/documentName.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { seq, type LogEntry } from '@dongbo/sync/ports/updateLog.ts'
import { compactHistory } from '@dongbo/sync/room/compactHistory.ts'
import { replay } from '@dongbo/sync/room/replay.ts'
import { postgresDatabase } from '@dongbo/testkit/databases.ts'
import { TcpProxy } from '@dongbo/testkit/tcpProxy.ts'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { connect, type Connection } from '@dongbo/db/connect.ts'
import { databaseHistory } from '@dongbo/db/history.ts'
import { documentSnapshot } from '@dongbo/db/schema.ts'
import { databaseUpdateLog } from '@dongbo/db/updateLog.ts'

const ENTRIES = 90
const COMPACTED = 60

let direct: Awaited<ReturnType<typeof postgresDatabase>>
let proxy: TcpProxy
let proxiedUrl: string
let documents = 0
/** Closed together at the end: a pool waits some seconds for a connection that broke. */
const broken: Connection[] = []

beforeAll(async () => {
  direct = await postgresDatabase()
  const url = new URL(direct.url)
  proxy = await TcpProxy.to(Number(url.port), seededRandom(1))
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  proxiedUrl = url.href
})
afterAll(async () => {
  await Promise.all(broken.map(async (one) => await one.close()))
  await proxy.close()
  await direct.close()
})

/** A text that two people wrote, letter by letter, with snapshots at 60 and at 80 of its 90 entries. */
async function written(): Promise<{ readonly name: DocumentName; readonly text: string }> {
  documents += 1
  const name = parseDocumentName(`matrix/broken-${documents}`)
  if (!name.ok) throw new Error(name.error)
  const doc = new Y.Doc()
  const log = databaseUpdateLog(direct.database)
  const entries: LogEntry[] = []
  doc.on('update', (update: Uint8Array) => {
    const at = entries.length
    const personId = trustedId<PersonId>(at % 20 < 10 ? 'svhtt-officer' : 'sdl-officer')
    entries.push({ document: name.value, seq: seq(at + 1), update, personId, bodyId: null, at: instant(at * 1_000) })
  })
  const snapshots: { readonly upTo: number; readonly update: Uint8Array }[] = []
  for (let letter = 0; letter < ENTRIES; letter++) {
    doc.getText('text').insert(letter, String.fromCodePoint(97 + (letter % 26)))
    if (letter + 1 === COMPACTED || letter + 1 === 80) {
      snapshots.push({ upTo: letter + 1, update: Y.encodeStateAsUpdate(doc) })
    }
  }
  const [first, ...rest] = entries
  if (first === undefined) throw new Error('there is one')
  await log.create(first, 'g')
  await log.append({ entries: rest, newOwners: [] })
  for (const { upTo, update } of snapshots) await log.saveSnapshot(name.value, seq(upTo), update)
  return { name: name.value, text: doc.getText('text').toString() }
}

const CASES = [
  ['insert into "document_history"', 'reset', 'old'],
  ['insert into "document_history"', 'lose-answer', 'old'],
  ['delete from "document_update"', 'reset', 'old'],
  ['delete from "document_update"', 'lose-answer', 'old'],
  ['commit', 'reset', 'old'],
  // It was done, and who asked for it never heard so.
  ['commit', 'lose-answer', 'new'],
] as const

test.each(CASES)('a connection that breaks at %j (%s) leaves the %s log, whole', async (statement, fate, left) => {
  const { name, text } = await written()
  const through = await connect({ engine: 'postgres', url: proxiedUrl })
  broken.push(through)
  let hits = 0
  // The transaction's last word, and the only COMMIT behind a DELETE.
  let isCutOut = false
  proxy.replyFilter = (piece) => {
    isCutOut ||= new TextDecoder('latin1').decode(piece).includes(`DELETE ${COMPACTED}`)
    return 'pass'
  }
  proxy.requestFilter = (piece) => {
    const isIt = statement === 'commit' ? isCutOut : new TextDecoder('latin1').decode(piece).includes(statement)
    if (!isIt || hits > 0) return 'pass'
    hits += 1
    return fate
  }
  await expect(compactHistory(databaseHistory(through.database), name)).rejects.toThrow()
  proxy.requestFilter = () => 'pass'
  proxy.replyFilter = () => 'pass'
  expect(hits).toBe(1)

  const history = databaseHistory(direct.database)
  const stored = await history.read(name)
  const [rows, entries] = [stored?.compact.length, stored?.entries.length]
  expect([rows, entries]).toEqual(left === 'old' ? [0, ENTRIES] : [2, ENTRIES - COMPACTED])
  await direct.database.delete(documentSnapshot).where(eq(documentSnapshot.document, name))
  const whole = await databaseUpdateLog(direct.database).load(name)
  if (whole === null) throw new Error('it was created')
  expect(replay(whole).doc.getText('text').toString()).toBe(text)
})
