import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  return statusMiB(pid, /VmRSS:\s+(\d+) kB/)
}

/** The most resident memory that a process has ever had, in MiB. */
export function peakMiB(pid: number): number {
  return statusMiB(pid, /VmHWM:\s+(\d+) kB/)
}

function statusMiB(pid: number, line: RegExp): number {
  const kib = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`process ${pid} has no memory`)
  return Number(kib) / 1_024
}

/** Files and sockets that a process holds open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
