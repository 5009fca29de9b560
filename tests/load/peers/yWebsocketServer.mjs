// @y/websocket-server wired as its own command does it. YPERSISTENCE: the folder of its LevelDB store, where one is wanted.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { setupWSConnection } from '@y/websocket-server/utils'

const { Server: WebSocketServer } = createRequire(createRequire(import.meta.url).resolve('@y/websocket-server/utils'))(
  'ws',
)
const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = createServer((_, response) => response.end('ok'))
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
)
server.listen(Number(process.env.PORT), '127.0.0.1')
