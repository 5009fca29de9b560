import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOMS } from '../../infra/lint/rooms.ts'
import { EXPECTED, type ExpectedRoom, PROBES } from './rooms.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LAW = 'eslint(no-restricted-imports)'
const rooms = Object.entries(EXPECTED)

interface Diagnostic {
  readonly code: string
  readonly filename: string
}
interface Report {
  readonly diagnostics: readonly Diagnostic[]
  readonly number_of_files: number
}

/** Room pairs that a file of the app's own `imports` cannot even name: `#x` is another app's or no one's. */
function canName(from: string, to: string): boolean {
  const app = to.split('/')[0]
  return (app !== 'server' && app !== 'web') || from.startsWith(`${app}/`)
}

let folder = ''
const planted = new Map<string, string>()

/** Writes a file of `room` and remembers it; `name` is unique in the copy. */
function plant(room: ExpectedRoom, name: string, source: string): string {
  const path = `${room.folder}/${name}.ts`
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), source)
  planted.set(path, source)
  return path
}

/** An empty project outside this one, with the real configuration; rules that need types have nothing to resolve there. */
function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'dongbo-layers-'))
  const config = JSON.stringify(join(ROOT, 'oxlint.config.ts'))
  writeFileSync(
    join(copy, 'oxlint.config.ts'),
    `import real from ${config}\nexport default { ...real, options: { typeAware: false } }\n`,
  )
  return copy
}

function lint(copy: string): Report {
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const done = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: copy, encoding: 'utf8' })
  return JSON.parse(done.stdout) as Report
}

/** Plants what must be refused and what must pass, lints once, and compares the sets. */
const refused = new Set<string>()
const passing = new Set<string>()

function plantEveryEdge(): void {
  for (const [from, room] of rooms) {
    const may = new Set(room.may.split(' '))
    const outside = new Set(room.outside.split(' '))
    for (const [to, other] of rooms) {
      if (to === from || !canName(from, to)) continue
      const list = may.has(to) ? passing : refused
      const name = `to-${to.replace('/', '-')}`
      list.add(plant(room, `${name}-value`, `import { x } from '${other.named}'\nexport const y = x\n`))
      list.add(plant(room, `${name}-type`, `import type { X } from '${other.named}'\nexport type Y = X\n`))
    }
    for (const [to] of rooms) {
      if (to === from || !from.startsWith('sync/') || !to.startsWith('sync/')) continue
      const list = may.has(to) ? passing : refused
      const sibling = `../${to.slice('sync/'.length)}/x.ts`
      list.add(plant(room, `to-${to.replace('/', '-')}-path`, `import { x } from '${sibling}'\nexport const y = x\n`))
    }
    for (const [index, probe] of PROBES.entries()) {
      const list = outside.has(probe) ? passing : refused
      list.add(plant(room, `outside-${index}`, `import * as x from '${probe}'\nexport const y = x\n`))
    }
    passing.add(plant(room, 'own', `import { x } from './x.ts'\nexport const y = x\n`))
  }
}

/** Ways round the law that have been tried: each must be refused as well. */
function plantTricks(): void {
  const kernel = EXPECTED['kernel']
  const gate = EXPECTED['sync/gate']
  const features = EXPECTED['web/features']
  if (!kernel || !gate || !features) throw new Error('the oracle lost a room')
  const tricks: readonly (readonly [ExpectedRoom, string, string])[] = [
    [kernel, 'trick-export-from', `export { x } from '@dongbo/model/x.ts'\n`],
    [kernel, 'trick-export-all', `export * from '@dongbo/model/x.ts'\n`],
    [kernel, 'trick-dynamic', `export const x = await import('@dongbo/model/x.ts')\n`],
    [kernel, 'trick-side-effect', `import '@dongbo/model/x.ts'\n`],
    [kernel, 'trick-path', `import { x } from '../../model/src/x.ts'\nexport const y = x\n`],
    [kernel, 'deep/trick-path', `import { x } from '../../../model/src/x.ts'\nexport const y = x\n`],
    [kernel, 'trick-barrel', `import { x } from './index.ts'\nexport const y = x\n`],
    [kernel, 'trick-folder', `import { x } from './deep'\nexport const y = x\n`],
    [gate, 'trick-sibling', `import { x } from '../room/x.ts'\nexport const y = x\n`],
    [gate, 'deep/trick-sibling', `import { x } from '../../ports/x.ts'\nexport const y = x\n`],
    [features, 'trick-sibling', `import { x } from '../app/x.tsx'\nexport const y = x\n`],
    [features, 'matrix/trick-door', `import { x } from '../../main.tsx'\nexport const y = x\n`],
  ]
  for (const [room, name, source] of tricks) refused.add(plant(room, name, source))
  passing.add(plant(features, 'matrix/own', `import { x } from '../x.ts'\nexport const y = x\n`))
  passing.add(plant(features, 'matrix/by-name', `import { x } from '#features/matrix/x.ts'\nexport const y = x\n`))
  passing.add(
    plant(
      kernel,
      'own.test',
      `import { test } from 'vitest'\nimport { x } from '@dongbo/testkit/x.ts'\ntest('x', x)\n`,
    ),
  )
  refused.add(plant(kernel, 'trick.test', `import { x } from '@dongbo/model/x.ts'\nx()\n`))
}

describe('the layer law', () => {
  let report: Report = { diagnostics: [], number_of_files: 0 }

  beforeAll(() => {
    folder = makeCopy()
    plantEveryEdge()
    plantTricks()
    report = lint(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('reads every planted file', () => {
    expect(planted.size).toBeGreaterThan(900)
    expect(report.number_of_files).toBe(planted.size + 1)
  })

  test('refuses exactly the forbidden imports', () => {
    const hit = new Set(report.diagnostics.filter(({ code }) => code === LAW).map(({ filename }) => filename))
    expect([...refused].filter((path) => !hit.has(path)).map((path) => `${path}: ${planted.get(path)}`)).toEqual([])
    expect([...passing].filter((path) => hit.has(path)).map((path) => `${path}: ${planted.get(path)}`)).toEqual([])
  })

  test('refuses a type that is imported in passing', () => {
    const path = `${EXPECTED['kernel']?.folder}/inline-type.ts`
    writeFileSync(join(folder, path), `export type X = import('@dongbo/model/x.ts').X\n`)
    const found = lint(folder).diagnostics.filter(({ filename }) => filename === path)
    expect(found.map(({ code }) => code)).toContain('typescript(consistent-type-imports)')
  })
})

describe('time, chance and the outside world', () => {
  const FORBIDDEN = {
    'Date.now()': 'eslint(no-restricted-properties)',
    'performance.now()': 'eslint(no-restricted-properties)',
    'Math.random()': 'eslint(no-restricted-properties)',
    'crypto.randomUUID()': 'eslint(no-restricted-properties)',
    'setTimeout(() => undefined, 1)': 'eslint(no-restricted-globals)',
    'setInterval(() => undefined, 1)': 'eslint(no-restricted-globals)',
    "console.log('x')": 'eslint(no-console)',
  }
  const PURE = ['packages/model/src', 'packages/sync/src/room', 'apps/server/src/transport', 'apps/web/src/features']
  let copy = ''

  beforeAll(() => {
    copy = makeCopy()
    for (const place of [...PURE, 'apps/server/src/compose']) {
      mkdirSync(join(copy, place), { recursive: true })
      for (const [index, use] of Object.keys(FORBIDDEN).entries())
        writeFileSync(join(copy, place, `use-${index}.ts`), `export const x = ${use}\n`)
    }
    writeFileSync(join(copy, 'apps/web/src/features/outside.ts'), `export const x = fetch('/')\n`)
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  test('come in as arguments everywhere but where the program is composed', () => {
    const found = lint(copy).diagnostics.map(({ filename, code }) => `${filename} ${code}`)
    const expected = PURE.flatMap((place) =>
      Object.values(FORBIDDEN).map((code, index) => `${place}/use-${index}.ts ${code}`),
    )
    expected.push('apps/web/src/features/outside.ts eslint(no-restricted-globals)')
    expect(found.toSorted()).toEqual(expected.toSorted())
  })
})

/** Sources below a `src` folder: never above one, where `node_modules` leads in circles. */
function sourcesIn(path: string): string[] {
  return globSync('**/*.{ts,tsx}', { cwd: join(ROOT, path) })
}

/** Rooms are folders with something in them: what lies on the disk, as the law should know it. */
function roomsOnDisk(): string[] {
  const below = (path: string, sources = '') =>
    readdirSync(join(ROOT, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && sourcesIn(join(path, entry.name, sources)).length > 0)
      .map(({ name }) => name)
  const packages = below('packages', 'src').filter((name) => name !== 'sync')
  const sync = below('packages/sync/src').map((name) => `sync/${name}`)
  const apps = ['server', 'web'].flatMap((app) => [
    `${app}/main`,
    ...below(`apps/${app}/src`).map((name) => `${app}/${name}`),
  ])
  return [...packages, ...sync, ...apps].toSorted()
}

test('the law, the oracle and the disk know the same rooms', () => {
  expect(Object.keys(ROOMS).toSorted()).toEqual(Object.keys(EXPECTED).toSorted())
  expect(roomsOnDisk()).toEqual(Object.keys(EXPECTED).toSorted())
})

test('the law has no circle', () => {
  const finished = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    expect(path, `${[...path, name].join(' → ')} is a circle`).not.toContain(name)
    if (finished.has(name)) return
    for (const next of EXPECTED[name]?.may.split(' ').filter(Boolean) ?? []) visit(next, [...path, name])
    finished.add(name)
  }
  for (const [name] of rooms) visit(name, [])
})

test('every room has a file and no barrel', () => {
  for (const [name, room] of rooms) {
    expect(existsSync(join(ROOT, room.folder)), `${name} has no folder`).toBe(true)
    const files = sourcesIn(room.folder)
    expect(files.length, `${name} is empty`).toBeGreaterThan(0)
    expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([])
  }
})
