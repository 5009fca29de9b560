import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const paths = ['package.json', ...globSync(['{apps,packages}/*/package.json', 'tests/package.json'], { cwd: ROOT })]
const manifests = paths.map((path) => ({
  path,
  manifest: JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest,
}))
const wanted = manifests.flatMap(({ path, manifest }) =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(([name, range]) => ({
    path,
    name,
    range,
  })),
)
const workspace = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')
const catalog = new Map(
  [...workspace.slice(workspace.indexOf('\ncatalog:')).matchAll(/^ {2}['"]?([^'":\s]+)['"]?: (\S+)$/gm)].map(
    ([, name = '', version = '']) => [name, version],
  ),
)

test('every manifest is private, unlicensed and a module', () => {
  expect(manifests.length).toBeGreaterThan(10)
  for (const { path, manifest } of manifests)
    expect({ path, ...manifest }).toMatchObject({ path, private: true, license: 'UNLICENSED', type: 'module' })
})

test('a version stands once: manifests point at the catalogue or at the workspace', () => {
  const loose = wanted.filter(({ name, range }) => range !== (name.startsWith('@dongbo/') ? 'workspace:*' : 'catalog:'))
  expect(loose).toEqual([])
})

test('the catalogue is exact and has nothing that nobody asks for', () => {
  expect(catalog.size).toBeGreaterThan(20)
  expect([...catalog].filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  const asked = new Set(wanted.map(({ name }) => name))
  expect([...catalog.keys()].filter((name) => !asked.has(name))).toEqual([])
})

test('there is one Yjs, one lib0 and one y-protocols', () => {
  const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
  for (const name of ['yjs', 'lib0', 'y-protocols', 'react', 'react-dom']) {
    const versions = new Set(
      [...lock.matchAll(new RegExp(`^ {2}${name}@([0-9.]+)`, 'gm'))].map(([, version]) => version),
    )
    expect([...versions], name).toHaveLength(1)
  }
})
