import { announcement, warnings } from './announce.ts'
import { readConfig, type Config } from './config.ts'
import type { Server } from './createServer.ts'
import { sentenceFor, withoutContent } from './failures.ts'
import { storeOf } from './store.ts'

/** Supervisors kill after 10 s. */
const STOP_DEADLINE_MS = 7_500

/** Runs the server until it is told to stop. Ends the process by itself: 0 after a clean stop, 1 after a failure. */
export async function runServer(): Promise<void> {
  // A disk without room for the log is no reason to stop saving: what cannot be said goes unsaid.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  let config: Config | null = null
  let server: Server
  try {
    config = readConfig(process.env)
    const store = storeOf(config)
    const { createServer } = await import('./createServer.ts')
    server = await createServer(config, store)
    try {
      const address = await server.listen()
      console.log(announcement(config, address, server.isDemo))
      for (const warning of warnings(config)) console.error(`dongbo: ${warning}`)
    } catch (error) {
      await server.stop()
      throw error
    }
  } catch (error) {
    const sentence = sentenceFor(error, config)
    console.error(`dongbo: ${sentence ?? `the server could not start: ${withoutContent(error)}`}`)
    process.exit(1)
  }
  stopOnSignal(server)
}

function stopOnSignal(server: Server): void {
  let isStopping = false
  const stop = (exitCode: number) => {
    // Who asks twice does not want to wait.
    if (isStopping) process.exit(1)
    isStopping = true
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref()
    server.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        console.error(`dongbo: stopping failed: ${withoutContent(error)}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  // What nobody caught leaves the process in an unknown state: make durable what is known, and let a supervisor start anew.
  const failed = (error: unknown) => {
    server.app.log.fatal({ err: error }, 'uncaught')
    if (!isStopping) stop(1)
  }
  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
}
