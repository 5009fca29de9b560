import type { RoomMeter } from '@dongbo/sync/room/meter.ts'
import type { Registry as Rooms } from '@dongbo/sync/room/registry.ts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What is counted as it happens. Labels are few and closed: no person, no document. */
export function roomMeter(registry: Registry): RoomMeter & { refused(code: string): void } {
  const registers = [registry]
  const histogram = (name: string, help: string, buckets: number[]) => new Histogram({ name, help, buckets, registers })
  const tellingBytes = histogram(
    'dongbo_telling_bytes',
    'Bytes handed to sockets in one telling',
    [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000],
  )
  const tellingSockets = histogram('dongbo_telling_sockets', 'Sockets that heard of one telling', [1, 5, 20, 100, 500])
  const commitEntries = histogram('dongbo_commit_entries', 'Entries of one commit of the log', [1, 3, 10, 30, 100, 300])
  const commitSeconds = histogram(
    'dongbo_commit_seconds',
    'Time of one commit of the log',
    [0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3],
  )
  const refusals = new Counter({
    name: 'dongbo_updates_refused_total',
    help: 'Updates that were not let in, by code',
    labelNames: ['code'],
    registers,
  })
  return {
    told(bytes, sockets) {
      tellingBytes.observe(bytes)
      tellingSockets.observe(sockets)
    },
    committed(entries, ms) {
      commitEntries.observe(entries)
      commitSeconds.observe(ms / 1_000)
    },
    refused: (code) => refusals.inc({ code }),
  }
}

/** The figures of the rooms, read when somebody asks. */
export function roomFigures(registry: Registry, rooms: Pick<Rooms, 'figures'>): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('dongbo_rooms', 'Documents open in memory', () => rooms.figures().rooms)
  gauge('dongbo_rooms_live', 'Of them, those that hold more than bytes because somebody writes', () => {
    return rooms.figures().liveRooms
  })
  gauge('dongbo_tail_entries', 'Entries behind the bases of open documents', () => rooms.figures().tailEntries)
  gauge('dongbo_tail_bytes', 'Bytes behind the bases of open documents', () => rooms.figures().tailBytes)
  gauge('dongbo_unacknowledged_bytes', 'Bytes of updates that are neither durable nor refused', () => {
    return rooms.figures().backlogBytes
  })
  gauge('dongbo_unacknowledged_age_seconds', 'How long the oldest of them has been waiting', () => {
    return rooms.figures().backlogMs / 1_000
  })
  gauge('dongbo_room_sockets', 'Sockets seated in rooms', () => rooms.figures().sockets)
  gauge('dongbo_log_waiting', 'Entries that wait for a commit', () => rooms.figures().waiting)
  gauge('dongbo_log_last_group', 'Entries of the last commit', () => rooms.figures().lastGroup)
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  total('dongbo_log_commits_total', 'Commits of the update log', () => rooms.figures().commits)
  total('dongbo_log_entries_total', 'Entries written to the update log', () => rooms.figures().entries)
}
