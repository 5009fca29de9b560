import type { Clock } from '@dongbo/kernel/clock.ts'
import { busKey } from '@dongbo/db/busKey.ts'
import type { Database } from '@dongbo/db/database.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import { Counter, Gauge, type Registry } from 'prom-client'
import { memoryBus } from '#bus/memory.ts'
import { redisBus } from '#bus/redis.ts'
import { signedBus } from '#bus/signedBus.ts'

interface Parts {
  readonly redisUrl: string | undefined
  readonly database: Database
  readonly clock: Clock
  readonly figures: Registry
  readonly reportError: (error: unknown) => void
}

/** What this node speaks to the others through, with its figures; without Redis there are no others. */
export async function openBus({ redisUrl, database, clock, figures, reportError }: Parts): Promise<Bus> {
  if (redisUrl === undefined) return memoryBus(reportError)
  const ignored = new Counter({
    name: 'dongbo_bus_notices_ignored_total',
    help: 'Notices that are not from a node of this database, by reason',
    labelNames: ['because'],
    registers: [figures],
  })
  const bus = signedBus(await redisBus(redisUrl, { clock, reportError }), await busKey(database), (because) =>
    ignored.inc({ because }),
  )
  new Gauge({
    name: 'dongbo_bus_connected',
    help: '1 while other nodes can be reached',
    registers: [figures],
    collect() {
      this.set(bus.connected ? 1 : 0)
    },
  })
  return bus
}
