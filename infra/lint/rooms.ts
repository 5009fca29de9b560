/**
 * The layer law: which room may import which, and which packages from outside. Whatever is not listed is forbidden.
 * `tests/architecture/layers.test.ts` holds a table of its own and compares; ARCHITECTURE.md prints it for people.
 */
export interface Room {
  readonly folder: string
  /** Only the files that lie in the folder itself: the doors of an app, beside its rooms. */
  readonly isDoor?: true
  /** How other rooms' files name this one. */
  readonly specifier: string
  /** Rooms it may import beside its own files. */
  readonly rooms: readonly RoomName[]
  /** Packages from outside, as they are imported. */
  readonly packages: readonly string[]
  /** The package whose rooms lie side by side, so that a relative path could reach them. */
  readonly within?: 'sync' | 'server' | 'web'
}

const ROOM_NAMES = [
  'kernel',
  'model',
  'policy',
  'protocol',
  'api',
  'demo',
  'sync/ports',
  'sync/gate',
  'sync/room',
  'sync/client',
  'db',
  'testkit',
  'server/main',
  'server/compose',
  'server/transport',
  'server/access',
  'server/bus',
  'web/main',
  'web/app',
  'web/features',
  'web/intents',
  'web/views',
  'web/session',
  'web/ui',
  'web/i18n',
] as const
export type RoomName = (typeof ROOM_NAMES)[number]

const NODE = ['node:*', 'node:*/*']
const YJS = ['yjs', 'lib0', 'lib0/**', 'y-protocols', 'y-protocols/**']
const REACT = ['react', 'react-dom', 'react-dom/**']
const WORDS = ['@lingui/core', '@lingui/core/**']
/** The pure rooms that the server stands on. */
const PURE: readonly RoomName[] = ['kernel', 'model', 'policy', 'protocol', 'api']
const SYNC: readonly RoomName[] = ['sync/ports', 'sync/gate', 'sync/room']

function inPackages(name: string, rooms: readonly RoomName[], packages: readonly string[] = []): Room {
  return { folder: `packages/${name}/src`, specifier: `@dongbo/${name}/**`, rooms, packages }
}

function inSync(name: string, rooms: readonly RoomName[], packages: readonly string[] = []): Room {
  return {
    folder: `packages/sync/src/${name}`,
    specifier: `@dongbo/sync/${name}/**`,
    rooms,
    packages,
    within: 'sync',
  }
}

function inApp(app: 'server' | 'web', name: string, rooms: readonly RoomName[], packages: readonly string[]): Room {
  return { folder: `apps/${app}/src/${name}`, specifier: `#${name}/**`, rooms, packages, within: app }
}

export const ROOMS: { readonly [name in RoomName]: Room } = {
  kernel: inPackages('kernel', []),
  model: inPackages('model', ['kernel'], ['yjs', 'fractional-indexing']),
  policy: inPackages('policy', ['kernel', 'model']),
  protocol: inPackages('protocol', ['kernel', 'model'], ['lib0', 'lib0/**']),
  api: inPackages('api', ['kernel', 'model'], ['zod']),
  demo: inPackages('demo', ['kernel', 'model'], ['yjs']),
  'sync/ports': inSync('ports', ['kernel', 'model', 'policy', 'protocol']),
  'sync/gate': inSync('gate', ['kernel', 'model', 'policy', 'protocol'], YJS),
  'sync/room': inSync('room', ['kernel', 'model', 'policy', 'protocol', 'sync/ports', 'sync/gate'], YJS),
  'sync/client': inSync('client', ['kernel', 'model', 'protocol', 'sync/ports'], [...YJS, 'y-websocket', 'idb']),
  db: inPackages(
    'db',
    ['kernel', 'model', 'api', 'sync/ports'],
    [...NODE, 'drizzle-orm', 'drizzle-orm/**', '@electric-sql/pglite', '@electric-sql/pglite/**', 'postgres'],
  ),
  testkit: inPackages('testkit', [...PURE, 'demo', ...SYNC, 'sync/client', 'db'], [...NODE, ...YJS, 'vitest', 'ws']),
  'server/main': {
    folder: 'apps/server/src',
    isDoor: true,
    specifier: '#main.ts',
    rooms: ['server/compose'],
    packages: NODE,
    within: 'server',
  },
  'server/compose': inApp(
    'server',
    'compose',
    [...PURE, 'demo', ...SYNC, 'db', 'server/transport', 'server/access', 'server/bus'],
    [...NODE, 'zod', 'fastify', 'prom-client', 'ioredis'],
  ),
  'server/transport': inApp(
    'server',
    'transport',
    [...PURE, ...SYNC, 'server/access'],
    [...NODE, 'fastify', 'fastify-type-provider-zod', '@fastify/*', 'prom-client', 'ws', 'zod', 'lib0/**', 'yjs'],
  ),
  'server/access': inApp(
    'server',
    'access',
    ['kernel', 'model', 'policy', 'api', 'sync/ports', 'db'],
    [...NODE, '@node-rs/argon2', 'drizzle-orm'],
  ),
  'server/bus': inApp('server', 'bus', ['kernel', 'sync/ports'], [...NODE, 'ioredis']),
  'web/main': {
    folder: 'apps/web/src',
    isDoor: true,
    specifier: '#main.tsx',
    rooms: ['web/app'],
    packages: [...REACT, '@fontsource-variable/**'],
    within: 'web',
  },
  'web/app': inApp(
    'web',
    'app',
    ['kernel', 'model', 'api', 'web/features', 'web/session', 'web/ui', 'web/i18n'],
    [...REACT, ...WORDS, '@tanstack/*', '@fontsource-variable/**'],
  ),
  'web/features': inApp(
    'web',
    'features',
    ['kernel', 'model', 'policy', 'api', 'web/intents', 'web/views', 'web/session', 'web/ui', 'web/i18n'],
    [...REACT, ...WORDS, '@tanstack/*', 'zustand', 'zustand/**'],
  ),
  'web/intents': inApp('web', 'intents', ['kernel', 'model', 'policy'], ['yjs']),
  'web/views': inApp(
    'web',
    'views',
    ['kernel', 'model', 'policy', 'web/session'],
    [...REACT, 'yjs', 'y-protocols/**', 'zustand', 'zustand/**'],
  ),
  'web/session': inApp(
    'web',
    'session',
    ['kernel', 'model', 'protocol', 'api', 'sync/client'],
    [...REACT, 'yjs', 'y-protocols/**', 'zustand', 'zustand/**', '@tanstack/react-query', 'zod'],
  ),
  'web/ui': inApp('web', 'ui', ['kernel', 'web/i18n'], [...REACT, ...WORDS, 'zustand', '@fontsource-variable/**']),
  'web/i18n': inApp(
    'web',
    'i18n',
    ['kernel'],
    [...REACT, ...WORDS, '@lingui/message-utils', '@lingui/message-utils/**'],
  ),
}

/** What a room's own tests may import beside what the room may. */
export const TEST_PACKAGES = [...NODE, 'vitest', ...YJS, 'fake-indexeddb', 'fake-indexeddb/**']
