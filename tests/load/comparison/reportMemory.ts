// Loaded into every server that is measured (`node --import`): on SIGUSR2 it collects garbage and says what is left.
import { renameSync, writeFileSync } from 'node:fs'

const ROUNDS = 3
/** What finalizers give back comes a moment later. */
const SETTLE_MS = 50

process.on('SIGUSR2', () => {
  for (let round = 0; round < ROUNDS; round++) globalThis.gc?.()
  setTimeout(() => {
    globalThis.gc?.()
    const file = process.env['MEMORY_FILE']
    if (file === undefined) return
    writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
    renameSync(`${file}.part`, file)
  }, SETTLE_MS)
})
