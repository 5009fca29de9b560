import { enableCompileCache } from 'node:module'

// Loading is most of a start: what was compiled once is read back.
enableCompileCache()
const { runServer } = await import('#compose/runServer.ts')
await runServer()
