import { runCommand } from '#compose/runCommand.ts'

await runCommand(process.argv.slice(2))
