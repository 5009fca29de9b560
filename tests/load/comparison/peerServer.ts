import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresDatabase } from '@dongbo/testkit/databases.ts'
import { freePort } from '@dongbo/testkit/serverProcess.ts'
import { documentName } from './documents.ts'
import { askMemory, environment, type MeasuredServer, type StartOptions, type World } from './measuredServer.ts'
import { sleep } from './probe.ts'
import type { Framing } from './syncClient.ts'

const FOLDER = join(import.meta.dirname, '..', 'peers')
const START_POLL_MS = 50
const START_POLLS_LIMIT = 200

export interface Peer {
  readonly framing: Framing
  readonly script: string
  readonly env: Readonly<Record<string, string>>
}

/** Installs the other servers at the first run, in a workspace of their own: the product holds exactly one Yjs. */
export function installPeers(): void {
  if (existsSync(join(FOLDER, 'node_modules', '.package-lock.json'))) return
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (installed.status !== 0) throw new Error('the other servers could not be installed: this needs the network')
}

/** Another server; its documents live in its memory, or in its own store where the world asks for it. */
export async function startPeer(peer: Peer, world: World, options: StartOptions): Promise<MeasuredServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dongbo-peer-'))
  const database = world.stored === true && peer.framing === 'hocuspocus' ? await createPostgresDatabase() : null
  const port = await freePort()
  const memoryFile = join(folder, 'memory.json')
  const store = {
    ...(database === null ? {} : { DATABASE_URL: database.url }),
    ...(world.stored === true && peer.framing === 'y-websocket' ? { YPERSISTENCE: join(folder, 'level') } : {}),
  }
  let child: ChildProcess | null = null

  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async function restart(): Promise<void> {
    const started = spawn(process.execPath, [join(FOLDER, peer.script)], {
      cwd: FOLDER,
      env: {
        ...process.env,
        ...peer.env,
        ...store,
        ...environment(memoryFile, options),
        PORT: String(port),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child = started
    for (let poll = 0; !(await answers(port)); poll++) {
      if (started.exitCode !== null || poll > START_POLLS_LIMIT) throw new Error(`${peer.script} does not start`)
      await sleep(START_POLL_MS)
    }
  }

  async function remove(): Promise<void> {
    await kill()
    await rm(folder, { recursive: true, force: true })
    await database?.drop()
  }

  const pidOf = (): number => {
    if (child?.pid === undefined) throw new Error(`${peer.script} does not run`)
    return child.pid
  }

  try {
    await restart()
  } catch (error) {
    await remove()
    throw error
  }
  return {
    get pid() {
      return pidOf()
    },
    // Only measured where nothing is stored: those of its database extension would be here.
    storePids: () => Promise.resolve([]),
    address(document) {
      const name = documentName(document)
      return {
        framing: peer.framing,
        port,
        path: peer.framing === 'hocuspocus' ? '/' : `/${name}`,
        document: name,
        headers: {},
      }
    },
    fill: (_, first) => first.sendUpdate(world.state),
    memory: async () => await askMemory(pidOf(), memoryFile),
    kill,
    restart,
    remove,
  }
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
