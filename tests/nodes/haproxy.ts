import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CONFIGURATION = fileURLToPath(new URL('../../infra/proxy/haproxy.cfg', import.meta.url))

interface Address {
  readonly port: number
  /** Host and port of each node. */
  readonly nodes: readonly [string, string]
}

/** Starts haproxy with our configuration; it serves once both nodes' checks have passed. */
export async function startHaproxy({ port, nodes: [first, second] }: Address): Promise<{ stop(): Promise<void> }> {
  const environment = { ...process.env, LISTEN: `127.0.0.1:${port}`, NODE_1: first, NODE_2: second }
  // `-db`: in the foreground, so that it ends with us.
  const child: ChildProcess = spawn('haproxy', ['-db', '-q', '-f', CONFIGURATION], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await once(child, 'spawn')
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
