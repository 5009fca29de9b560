import { accessSync } from 'node:fs'

/** Faults are made with the machine's own means. */
const NEEDED = [
  ['/usr/bin/gcc', 'gcc'],
  ['/usr/bin/faketime', 'faketime'],
  ['/usr/lib/postgresql', 'postgresql'],
  ['/usr/bin/redis-server', 'redis-server'],
  ['/usr/sbin/haproxy', 'haproxy'],
] as const

/** A suite without its tools must fail, never pass by testing nothing. */
export default function requireFaultTools(): void {
  if (process.getuid?.() !== 0) throw new Error('the faults need root: they mount file systems and run a database')
  for (const [path, name] of NEEDED) {
    try {
      accessSync(path)
    } catch {
      throw new Error(`the faults need ${name}: apt-get install ${name}`)
    }
  }
}
