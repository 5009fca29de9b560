import { readFileSync, readlinkSync } from 'node:fs'

/** Changes at every start of the machine; null where the system does not tell. */
export function bootId(): string | null {
  return readProc('/proc/sys/kernel/random/boot_id')
}

/** Two processes in different ones cannot see each other; null where the system does not tell. */
export function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    // No /proc on this system: the caller treats it as "not known".
    return null
  }
}

/**
 * When a process started, in clock ticks after the start of the machine; null when there is none, it is dead, or it is not told.
 * Field 22 of `/proc/<pid>/stat`; the command in field 2 may hold blanks and brackets, so count from its end.
 */
export function startTicks(pid: number): string | null {
  const stat = readProc(`/proc/${pid}/stat`)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Killed, and only waiting for its parent to notice.
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  return fields[19] ?? null
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // No such process, or no /proc on this system: the caller treats both as "not known".
    return null
  }
}
