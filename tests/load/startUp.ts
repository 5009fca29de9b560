import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '@dongbo/testkit/serverProcess.ts'
import { median, repeat, seconds, type Figure } from './figures.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/**
 * `npm start` until the first page is served.
 * @param cold measures a fresh clone with empty caches too: needs the network, and a minute
 */
export async function startUp(runs: number, cold: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const work = mkdtempSync(join(tmpdir(), 'dongbo-start-'))
  try {
    if (cold)
      figures.push({
        what: '`npm start` to the first page, fresh clone, empty caches',
        ours: seconds(await coldStart(work)),
        goal: '≤ 90 s',
      })
    const dataDir = join(work, 'data')
    // The first start makes the database and, where it is stale, the web app.
    await start(ROOT, dataDir, {})
    const warm = await repeat(runs, async () => await start(ROOT, dataDir, {}))
    figures.push({ what: '`npm start` to the first page, second start', ours: seconds(median(warm)), goal: '≤ 6 s' })
    return figures
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function coldStart(work: string): Promise<number> {
  const clone = join(work, 'clone')
  const cloned = spawnSync('git', ['clone', '--quiet', ROOT, clone])
  if (cloned.status !== 0) throw new Error(String(cloned.stderr))
  const empty = {
    npm_config_cache: join(work, 'npm'),
    npm_config_store_dir: join(work, 'store'),
    XDG_CACHE_HOME: join(work, 'cache'),
    XDG_DATA_HOME: join(work, 'share'),
  }
  return await start(clone, join(work, 'cold-data'), empty)
}

/** Starts, waits for the first page and stops. @returns milliseconds until the page was there */
async function start(folder: string, dataDir: string, env: Readonly<Record<string, string>>): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: folder,
    detached: true,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await ready(child)
    const page = await fetch(`http://127.0.0.1:${port}/`)
    if (page.status !== 200 || !(await page.text()).includes('<script')) throw new Error('the first page is not a page')
    return performance.now() - started
  } finally {
    await stop(child)
  }
}

async function ready(child: ChildProcess): Promise<void> {
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (line.includes('is ready: http')) resolve()
      })
    }
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${lines.join('\n')}`)))
  })
}

/** npm's whole process group: its shell does not hand a signal on. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGTERM')
  await ended
}
