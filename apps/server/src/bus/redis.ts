import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { Redis } from 'ioredis'
import { Listeners } from './listeners.ts'

/** A request to Redis that takes longer has failed: nothing of ours waits for it. */
const COMMAND_TIMEOUT_MS = 2_000
const CONNECT_TIMEOUT_MS = 2_000
/** Back soon after Redis is, and no storm while it is not. */
const RECONNECT_AFTER_MS = 500
/** A line that went dead without a word shows only by what is not answered. */
const PING_EVERY_MS = 1_000
/** Longer than Redis ever thinks about a ping, and short enough that nobody waits 2 s for it. */
const SILENCE_LIMIT_MS = 1_500

interface Parts {
  readonly clock: Pick<Clock, 'after'>
  readonly reportError: (error: unknown) => void
}

/**
 * The bus between nodes, over Redis or Valkey. A server that cannot be reached, at the start or later, is reported once
 * and tried again and again; what is published meanwhile is refused at once.
 */
export async function redisBus(url: string, { clock, reportError }: Parts): Promise<Bus> {
  let isConnected = false
  let hasReported = false
  let isClosed = false
  let cancelPing: Cancel = () => undefined
  const listeners = new Listeners(reportError)
  const changeListeners = new Set<(connected: boolean) => void>()
  // A connection that subscribes can do nothing else.
  const [speaking, hearing] = [open(url), open(url)]
  const ends = [speaking, hearing]
  /** Set while `hearing` has all topics. */
  let isSubscribed = false

  hearing.on('messageBuffer', (topic: Buffer, notice: Buffer) => {
    listeners.tell(topic.toString('utf8'), new Uint8Array(notice))
  })
  hearing.on('ready', () => {
    subscribeToAll().catch(report)
  })
  hearing.on('close', () => {
    isSubscribed = false
  })
  for (const end of ends) {
    end.on('error', report)
    end.on('ready', settle)
    end.on('close', settle)
  }
  ping()
  // The first try is waited for, so that a server that is there is connected when this returns.
  for (const end of ends) await end.connect().catch(report)

  /** Every reconnection begins without any topic. */
  async function subscribeToAll(): Promise<void> {
    const topics = listeners.topics()
    if (topics.length > 0) await hearing.subscribe(...topics)
    isSubscribed = true
    settle()
  }

  function settle(): void {
    const now = !isClosed && isSubscribed && ends.every((end) => end.status === 'ready')
    if (now === isConnected) return
    isConnected = now
    if (now) hasReported = false
    else report(new Error('the connection to Redis is lost'))
    for (const hear of [...changeListeners]) hear(now)
  }

  /** One line a loss: a server that is away for an hour would fill the log with tries. */
  function report(error: unknown): void {
    if (hasReported || isClosed) return
    hasReported = true
    reportError(error)
  }

  function ping(): void {
    cancelPing = clock.after(PING_EVERY_MS, () => {
      // What is not answered ends the connection (`socketTimeout`), which is then made anew.
      for (const end of ends) if (end.status === 'ready') end.ping().catch(report)
      ping()
    })
  }

  return {
    async publish(topic, notice) {
      await speaking.publish(topic, Buffer.from(notice.buffer, notice.byteOffset, notice.byteLength))
    },
    async subscribe(topic, hear) {
      if (listeners.add(topic, hear) && hearing.status === 'ready') await hearing.subscribe(topic).catch(report)
      return async () => {
        if (listeners.remove(topic, hear) && hearing.status === 'ready') await hearing.unsubscribe(topic).catch(report)
      }
    },
    get connected() {
      return isConnected
    },
    onChange(hear) {
      changeListeners.add(hear)
      return () => void changeListeners.delete(hear)
    },
    async close() {
      isClosed = true
      cancelPing()
      listeners.clear()
      changeListeners.clear()
      for (const end of ends) end.disconnect()
    },
  }
}

function open(url: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    enableOfflineQueue: false,
    // Both by ourselves: a notice that comes late is worth nothing, and topics may have changed meanwhile.
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: () => RECONNECT_AFTER_MS,
  })
}
