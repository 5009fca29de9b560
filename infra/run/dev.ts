// `pnpm dev`: the server, started anew when a source of its changes, beside Vite's development server.
import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, watch } from 'node:fs'
import { join } from 'node:path'
import { ROOT, SERVER_MAIN, WEB } from './paths.ts'

/** As in `apps/web/vite.config.ts`, which also knows which paths are the server's. */
const WEB_PORT = 4751
/** An editor writes a file in several steps; one restart answers them all. */
const QUIET_MS = 150

const serverEnvironment = {
  ...process.env,
  // The browser talks to Vite, which hands on to the server: the Origin it sends is Vite's.
  PUBLIC_URL: process.env['PUBLIC_URL'] ?? `http://127.0.0.1:${WEB_PORT}`,
}

let server: ChildProcess | null = null
let isEnding = false

function startServer(): void {
  server = spawn(process.execPath, [SERVER_MAIN], { cwd: ROOT, stdio: 'inherit', env: serverEnvironment })
  server.once('exit', (code) => {
    server = null
    if (code !== 0 && !isEnding) console.log(`dev: the server ended with ${code}; it starts again at the next change`)
  })
}

/** SIGTERM, then wait: a server killed in the middle leaves the database folder locked for the next one. */
function stopServer(): Promise<void> {
  const running = server
  if (!running) return Promise.resolve()
  return new Promise((resolve) => {
    running.once('exit', () => resolve())
    running.kill('SIGTERM')
  })
}

let restarting: Promise<void> = Promise.resolve()
let quiet: NodeJS.Timeout | undefined
function restartSoon(): void {
  clearTimeout(quiet)
  quiet = setTimeout(() => {
    restarting = restarting.then(stopServer).then(() => {
      if (!isEnding) startServer()
    })
  }, QUIET_MS)
}

for (const folder of ['apps/server/src', ...globSync('packages/*/src', { cwd: ROOT })])
  watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
    if (name?.endsWith('.ts') && !name.endsWith('.test.ts')) restartSoon()
  })

startServer()
const vite = spawn(process.execPath, [join(WEB, 'node_modules', 'vite', 'bin', 'vite.js'), '--host', '127.0.0.1'], {
  cwd: WEB,
  stdio: 'inherit',
})

async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  vite.kill('SIGTERM')
  await restarting
  await stopServer()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
vite.once('exit', () => void end())
