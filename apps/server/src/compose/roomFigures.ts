import type { Registry as Rooms } from '@dongbo/sync/room/registry.ts'
import { Counter, Gauge, type Registry } from 'prom-client'

/** The figures of the rooms, read when somebody asks. */
export function roomFigures(registry: Registry, rooms: Rooms): void {
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
