import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

/** A Redis server of a test's own, which it may stop, freeze and start again. */
export interface RedisServer {
  readonly url: string
  /** Starts it, empty, at the same address as before. */
  start(): Promise<void>
  /** Ends it without a word. */
  kill(): Promise<void>
  /** Freezes it (SIGSTOP): connections stay open and nothing is answered. */
  freeze(): void
  thaw(): void
  /** Sends one command as a person at a terminal would, and returns the first bytes of the answer. */
  command(...words: readonly string[]): Promise<string>
}

/** @param port a free one (`freePort`) */
export async function redisServer(port: number): Promise<RedisServer> {
  let child: ChildProcess | null = null
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
      const started = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
      child = started
      let output = ''
      await new Promise<void>((resolve, reject) => {
        started.once('exit', () => reject(new Error(`redis-server did not start: ${output}`)))
        started.stdout.on('data', (chunk) => {
          output += String(chunk)
          if (output.includes('Ready to accept connections')) resolve()
        })
      })
    },
    async kill() {
      const running = child
      child = null
      if (running === null || running.exitCode !== null) return
      const gone = once(running, 'exit')
      running.kill('SIGCONT')
      running.kill('SIGKILL')
      await gone
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async command(...words) {
      const socket = connect(port, '127.0.0.1')
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
      socket.write(`*${words.length}\r\n${parts.join('')}`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      return answer.toString()
    },
  }
  await server.start()
  return server
}
