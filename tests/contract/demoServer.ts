import type { Connection } from '@dongbo/db/connect.ts'
import { embeddedDatabase } from '@dongbo/testkit/databases.ts'
import { DEMO_PASSWORD } from '@dongbo/demo/demoAccounts.ts'
import { readConfig } from '@dongbo/server/compose/config.ts'
import { serverOver, type Server } from '@dongbo/server/compose/createServer.ts'
import { WebSocket } from 'ws'

/** A whole server over a database in memory, filled with the demo. */
export interface DemoServer extends Server {
  /** Signs in by HTTP; the value for a `Cookie` header. Throws unless it works. */
  signIn(account: string): Promise<string>
  /** Where it listens, once `listen` was called. */
  readonly origin: string
  /** A raw socket, opening. Nothing of y-websocket in between. */
  socket(path: string, headers: Readonly<Record<string, string>>, protocols?: readonly string[]): WebSocket
}

export async function demoServer(
  environment: Readonly<Record<string, string>> = {},
  connection?: Connection,
): Promise<DemoServer> {
  const config = readConfig({ DONGBO_DEMO: '1', LOG_LEVEL: 'silent', PORT: '0', ...environment })
  const server = await serverOver(connection ?? (await embeddedDatabase()), config)
  let origin = 'http://not-listening.invalid'
  return {
    ...server,
    get origin() {
      return origin
    },
    async listen() {
      origin = await server.listen()
      return origin
    },
    async signIn(account) {
      const response = await server.app.inject({
        method: 'POST',
        url: '/api/sign-in',
        payload: { email: `${account}@demo.dongbo`, password: DEMO_PASSWORD },
      })
      const [cookie] = response.cookies
      if (response.statusCode !== 200 || cookie === undefined) throw new Error(`${account} could not sign in`)
      return `${cookie.name}=${cookie.value}`
    },
    socket(path, headers, protocols = []) {
      return new WebSocket(`${origin.replace('http', 'ws')}${path}`, [...protocols], { headers })
    },
  }
}
