// Hocuspocus as its documentation starts it. FLUSH_MS: its window, where it is not the default.
// DATABASE_URL: its database extension, with the debounce that it comes with.
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'
import postgres from 'postgres'

const extensions = []
if (process.env.DATABASE_URL) {
  const sql = postgres(process.env.DATABASE_URL, { max: 4, onnotice() {} })
  await sql`create table if not exists peer_document (name text primary key, data bytea not null)`
  extensions.push(
    new Database({
      async fetch({ documentName }) {
        const rows = await sql`select data from peer_document where name = ${documentName}`
        return rows[0]?.data ?? null
      },
      async store({ documentName, state }) {
        await sql`insert into peer_document (name, data) values (${documentName}, ${state})
          on conflict (name) do update set data = excluded.data`
      },
    }),
  )
}
const window = process.env.FLUSH_MS ? { flushDelay: Number(process.env.FLUSH_MS) } : {}
await new Server({
  port: Number(process.env.PORT),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions,
  ...window,
}).listen()
