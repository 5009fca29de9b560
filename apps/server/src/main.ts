import { runServer } from '#compose/runServer.ts'

await runServer()
