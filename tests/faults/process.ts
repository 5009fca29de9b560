import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (line === undefined) throw new Error(`process ${pid} has no memory`)
  return Number(line) / 1_024
}

/** Files and sockets that a process holds open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
