import type { Cancel, Clock } from '@dongbo/kernel/clock.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import { ulid } from '@dongbo/kernel/ulid.ts'
import type { Database } from '@dongbo/db/database.ts'
import { databaseLeases } from '@dongbo/db/leases.ts'
import type { Bus } from '@dongbo/sync/ports/bus.ts'
import type { NodeId } from '@dongbo/sync/ports/leases.ts'
import type { NodeParts } from '@dongbo/sync/room/nodeLink.ts'
import type { Registry as Rooms } from '@dongbo/sync/room/registry.ts'
import { Counter, type Registry } from 'prom-client'

/** What no notice has told is found this often: other nodes' edits show within seconds while Redis is away. */
const LOOK_EVERY_MS = 1_000

interface Parts {
  readonly bus: Bus
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly figures: Registry
  readonly reportError: (error: unknown) => void
}

/** This process as a node: a new name at each start, so that nobody takes it for the one before. */
export function thisNode({ bus, database, clock, random, figures, reportError }: Parts): NodeParts {
  const ignored = new Counter({
    name: 'dongbo_node_notices_ignored_total',
    help: 'Notices of other nodes that could not be understood',
    registers: [figures],
  })
  return {
    bus,
    leases: databaseLeases(database, ulid(clock.now(), random) as NodeId),
    reportError,
    ignoredNotice: () => ignored.inc(),
  }
}

/** Looks for what other nodes have written, again and again. */
export function lookForNews(rooms: Rooms, clock: Clock, reportError: (error: unknown) => void): { stop(): void } {
  let cancel: Cancel = () => undefined
  let isStopped = false
  const lookLater = () => {
    cancel = clock.after(LOOK_EVERY_MS, () => {
      rooms
        .lookForNews()
        .catch(reportError)
        .finally(() => {
          if (!isStopped) lookLater()
        })
    })
  }
  lookLater()
  return {
    stop() {
      isStopped = true
      cancel()
    },
  }
}
