import { redisServer, type RedisServer } from '@dongbo/testkit/redisServer.ts'
import { freePort, ServerProcess } from '@dongbo/testkit/serverProcess.ts'
import { PostgresCluster } from '../faults/postgresCluster.ts'
import { startHaproxy } from './haproxy.ts'

export interface NodesOptions {
  /** Where the proxy listens; a free port unless given. */
  readonly port?: number
  /** For both nodes, beside what they need to find each other. */
  readonly env?: Readonly<Record<string, string>>
}

/** Two server nodes on one PostgreSQL, with Redis between them and a proxy in front, as plain processes. */
export interface Nodes {
  /** The proxy's address, as people open it. */
  readonly url: string
  readonly nodes: readonly [ServerProcess, ServerProcess]
  readonly redis: RedisServer
  readonly databaseUrl: string
  /** Freezes a node (SIGSTOP): its sockets stay open and it does nothing. */
  freeze(node: ServerProcess): void
  thaw(node: ServerProcess): void
  /** Ends everything and removes its data. */
  stop(): Promise<void>
}

/** How long the proxy may take to find both nodes ready. */
const READY_WITHIN_MS = 10_000

/** Starts all of it and waits until the proxy serves. Needs Debian's packages postgresql, redis-server and haproxy, as root. */
export async function startNodes({ port, env = {} }: NodesOptions = {}): Promise<Nodes> {
  const endings: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of endings.splice(0).toReversed()) await end()
  }
  try {
    const cluster = await PostgresCluster.start()
    endings.push(() => cluster.remove())
    const redis = await redisServer(await freePort())
    endings.push(() => redis.kill())
    const databaseUrl = await cluster.createDatabase()
    const options = { databaseUrl, env: { REDIS_URL: redis.url, TRUSTED_PROXIES: '127.0.0.1', ...env } }
    // One after the other: the first fills the empty database.
    const startNode = async () => {
      const node = await ServerProcess.start(options)
      endings.push(() => node.remove())
      return node
    }
    const nodes = [await startNode(), await startNode()] as const
    const proxyPort = port ?? (await freePort())
    const proxy = await startHaproxy({ port: proxyPort, nodes: [hostOf(nodes[0]), hostOf(nodes[1])] })
    endings.push(() => proxy.stop())
    const url = `http://127.0.0.1:${proxyPort}`
    await answers(`${url}/readyz`)
    return {
      url,
      nodes,
      redis,
      databaseUrl,
      freeze: (node) => void process.kill(node.pid, 'SIGSTOP'),
      thaw: (node) => void process.kill(node.pid, 'SIGCONT'),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function hostOf(node: ServerProcess): string {
  return new URL(node.url).host
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    // Refused while the proxy starts: that is what is waited for.
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) return
    if (performance.now() > deadline) throw new Error(`${url} did not answer: ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
