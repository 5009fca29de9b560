import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process-number namespace of every Linux kernel outside its containers (`PROC_PID_INIT_INO`). */
const OUTSIDE_CONTAINERS = 'pid:[4026531836]'

/** What tells one process from every other, also on another machine. */
export interface ProcessIdentity {
  readonly pid: number
  /** Changes at every start of the machine; null where the system does not tell. */
  readonly bootId: string | null
  /** Stays over the starts of a machine. Null where the system does not tell, and in containers: they share their image's. */
  readonly machineId: string | null
  /** Process numbers of two containers say nothing about each other. Null where the system does not tell. */
  readonly pidNamespace: string | null
  /** In clock ticks after the start of the machine; a reused pid has another one. Null where the system does not tell. */
  readonly startTicks: string | null
}

export function thisProcess(): ProcessIdentity {
  const namespace = pidNamespace()
  return {
    pid: process.pid,
    bootId: readProc('/proc/sys/kernel/random/boot_id'),
    machineId: namespace === OUTSIDE_CONTAINERS ? machineId() : null,
    pidNamespace: namespace,
    startTicks: startTicks(process.pid),
  }
}

/** With the name, because machines that are copies of one image share the id alone. */
function machineId(): string | null {
  const id = readProc('/etc/machine-id')
  return id === null ? null : `${id} ${hostname()}`
}

/** Two processes in different ones cannot see each other; null where the system does not tell. */
function pidNamespace(): string | null {
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

/** Null for an empty file too: a machine id is empty until the first start is complete. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null
  } catch {
    // No such process, or no such file on this system: the caller treats both as "not known".
    return null
  }
}
