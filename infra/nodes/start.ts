// `pnpm nodes [port]`: two nodes with everything they need, until Ctrl-C. All of its data is gone afterwards.
import { startNodes } from '../../tests/nodes/nodes.ts'

const port = Number(process.argv[2] ?? 4760)
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error('Usage: pnpm nodes [port of the proxy, default 4760]')
  process.exit(2)
}
const running = await startNodes({ port })
console.log(`
  Two nodes behind a proxy: ${running.url}
    node 1   ${running.nodes[0].url}   process ${running.nodes[0].pid}
    node 2   ${running.nodes[1].url}   process ${running.nodes[1].pid}
    Redis    ${running.redis.url}
    data     ${running.databaseUrl}
`)
let isStopping = false
const stop = () => {
  if (isStopping) return
  isStopping = true
  running.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
