import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md')

/** The two halves of docs/benchmarks.md: each is written by a command of its own and left alone by the other. */
const HALVES = {
  ours: {
    title: 'By itself',
    about:
      'Written by `pnpm bench`. The clients and the browser ran on the same machine; latencies include the client’s own work.',
  },
  peers: {
    title: 'Beside other Yjs servers',
    about: [
      'Written by `pnpm bench:peers`. One Node process a server, on the same machine as the clients; the servers took turns,',
      'so believe the ratios more than the figures. The same documents, the same edits, the same clients. Ours runs as in',
      'production: sessions and rights asked for, every edit judged cell by cell, and in PostgreSQL before anybody hears of',
      'it. The others keep documents in memory only, except where a store is named. Processor time is the server process’s',
      'own, PostgreSQL’s not included.',
    ].join('\n'),
  },
} as const
type Half = keyof typeof HALVES

/** What was measured on, in one line. */
export function machine(): string {
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load average ${(loadavg()[0] ?? 0).toFixed(1)} at the start`
}

/** Puts one half into docs/benchmarks.md. */
export function writeSection(half: Half, measuredOn: string, runs: number, tables: string): void {
  const day = new Date().toISOString().slice(0, 10)
  const { title, about } = HALVES[half]
  const written = `## ${title}\n\n${about}\n\nMeasured on ${day}: ${measuredOn}. Medians of ${runs} runs.\n\n${tables}\n`
  const known = readFileSync(PAGE, 'utf8')
  const kept = Object.keys(HALVES).map((other) =>
    other === half ? written : sectionOf(known, HALVES[other as Half].title),
  )
  const head = '# Benchmarks\n\nOther machines, other figures: run it where it matters.\n'
  writeFileSync(PAGE, [head, ...kept.filter((text) => text !== '')].join('\n'))
}

function sectionOf(page: string, title: string): string {
  const start = page.indexOf(`## ${title}\n`)
  if (start < 0) return ''
  const end = page.indexOf('\n## ', start + 1)
  return `${page.slice(start, end < 0 ? undefined : end).trimEnd()}\n`
}
