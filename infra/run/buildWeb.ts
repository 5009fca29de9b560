import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, WEB } from './paths.ts'

/** What the last build was made from. It lies outside `dist`, which is served to everybody. */
const STAMP = join(ROOT, 'node_modules', '.cache', 'dongbo', 'web-sources')
const SOURCES = ['apps/web/*.*', 'apps/web/{src,public}/**/*.*', 'packages/*/src/**/*.{ts,json}', 'pnpm-lock.yaml']

/** Hashes names and contents: a checkout or a copy changes times without changing the source. */
function hashSources(): string {
  const hash = createHash('sha256')
  const files = globSync(SOURCES, { cwd: ROOT, exclude: ['**/*.test.ts', '**/*.test.tsx'] }).toSorted()
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0')
  return hash.digest('hex')
}

/**
 * Builds the web app into `apps/web/dist` unless that was already made from the present sources.
 * @throws when the build fails; Vite has then said why on stderr.
 */
export function buildWebIfStale(): 'fresh' | 'built' {
  const wanted = hashSources()
  const isBuilt = existsSync(join(WEB, 'dist', 'index.html')) && existsSync(STAMP)
  if (isBuilt && readFileSync(STAMP, 'utf8') === wanted) return 'fresh'
  const vite = join(WEB, 'node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: WEB, stdio: 'inherit' })
  if (done.status !== 0) throw new Error('the web app does not build; Vite says why above')
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, wanted)
  return 'built'
}
