import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database } from './database.ts'
import { setting } from './schema.ts'

const KEY = 'bus-key'
const KEY_BYTES = 32

/** With what the nodes of this database sign their notices: made by the first that asks, the same for all. */
export async function busKey(database: Database): Promise<Uint8Array> {
  await database
    .insert(setting)
    .values({ key: KEY, value: randomBytes(KEY_BYTES).toString('hex') })
    .onConflictDoNothing()
  const [row] = await database.select({ value: setting.value }).from(setting).where(eq(setting.key, KEY))
  const key = new Uint8Array(Buffer.from(row?.value ?? '', 'hex'))
  if (key.length !== KEY_BYTES) throw new Error(`the setting ${KEY} is not a key: delete it, and restart every server`)
  return key
}
