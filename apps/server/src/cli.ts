import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runCommand } = await import('#compose/runCommand.ts')
await runCommand(process.argv.slice(2))
