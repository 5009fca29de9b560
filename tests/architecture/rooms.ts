/**
 * The oracle: the layer law written down a second time, by hand. `infra/lint/rooms.ts` is what the linter obeys;
 * `layers.test.ts` shows that the linter obeys this. A change of the law is made in both, on purpose.
 */
export interface ExpectedRoom {
  /** Its folder, or for the doors of an app the folder whose own files they are. */
  readonly folder: string
  readonly isDoor?: true
  /** A file of it, as another room would name it. */
  readonly named: string
  /** Rooms it may import, by name. */
  readonly may: string
  /** Packages from outside that it may import, of those in `PROBES`. */
  readonly outside: string
}

/** Packages from outside whose place matters, and one nobody has heard of. */
export const PROBES = [
  'yjs',
  'react',
  'node:fs',
  'drizzle-orm',
  'fastify',
  'ioredis',
  'zod',
  'vitest',
  'never-heard-of',
]

export const EXPECTED: { readonly [room: string]: ExpectedRoom } = {
  kernel: { folder: 'packages/kernel/src', named: '@dongbo/kernel/x.ts', may: '', outside: '' },
  model: { folder: 'packages/model/src', named: '@dongbo/model/x.ts', may: 'kernel', outside: 'yjs' },
  policy: { folder: 'packages/policy/src', named: '@dongbo/policy/x.ts', may: 'kernel model', outside: '' },
  protocol: { folder: 'packages/protocol/src', named: '@dongbo/protocol/x.ts', may: 'kernel model', outside: '' },
  api: { folder: 'packages/api/src', named: '@dongbo/api/x.ts', may: 'kernel model', outside: 'zod' },
  demo: { folder: 'packages/demo/src', named: '@dongbo/demo/x.ts', may: 'kernel model', outside: 'yjs' },
  'sync/ports': {
    folder: 'packages/sync/src/ports',
    named: '@dongbo/sync/ports/x.ts',
    may: 'kernel model policy protocol',
    outside: '',
  },
  'sync/gate': {
    folder: 'packages/sync/src/gate',
    named: '@dongbo/sync/gate/x.ts',
    may: 'kernel model policy protocol',
    outside: 'yjs',
  },
  'sync/room': {
    folder: 'packages/sync/src/room',
    named: '@dongbo/sync/room/x.ts',
    may: 'kernel model policy protocol sync/ports sync/gate',
    outside: 'yjs',
  },
  'sync/client': {
    folder: 'packages/sync/src/client',
    named: '@dongbo/sync/client/x.ts',
    may: 'kernel model protocol sync/ports',
    outside: 'yjs',
  },
  db: {
    folder: 'packages/db/src',
    named: '@dongbo/db/x.ts',
    may: 'kernel model api sync/ports',
    outside: 'node:fs drizzle-orm',
  },
  testkit: {
    folder: 'packages/testkit/src',
    named: '@dongbo/testkit/x.ts',
    may: 'kernel model policy protocol api demo sync/ports sync/gate sync/room sync/client db',
    outside: 'yjs node:fs vitest',
  },
  'server/main': {
    folder: 'apps/server/src',
    isDoor: true,
    named: '#main.ts',
    may: 'server/compose',
    outside: 'node:fs',
  },
  'server/compose': {
    folder: 'apps/server/src/compose',
    named: '#compose/x.ts',
    may: 'kernel model policy protocol api demo sync/ports sync/gate sync/room db server/transport server/access server/bus',
    outside: 'node:fs fastify ioredis zod',
  },
  'server/transport': {
    folder: 'apps/server/src/transport',
    named: '#transport/x.ts',
    may: 'kernel model policy protocol api sync/ports sync/gate sync/room server/access',
    outside: 'yjs node:fs fastify zod',
  },
  'server/access': {
    folder: 'apps/server/src/access',
    named: '#access/x.ts',
    may: 'kernel model policy api sync/ports db',
    outside: 'node:fs drizzle-orm',
  },
  'server/bus': {
    folder: 'apps/server/src/bus',
    named: '#bus/x.ts',
    may: 'kernel sync/ports',
    outside: 'node:fs ioredis',
  },
  'web/main': { folder: 'apps/web/src', isDoor: true, named: '#main.tsx', may: 'web/app', outside: 'react' },
  'web/app': {
    folder: 'apps/web/src/app',
    named: '#app/x.ts',
    may: 'kernel model api web/features web/session web/ui web/i18n',
    outside: 'react',
  },
  'web/features': {
    folder: 'apps/web/src/features',
    named: '#features/x.ts',
    may: 'kernel model policy api web/intents web/views web/session web/ui web/i18n',
    outside: 'react',
  },
  'web/intents': { folder: 'apps/web/src/intents', named: '#intents/x.ts', may: 'kernel model policy', outside: 'yjs' },
  'web/views': {
    folder: 'apps/web/src/views',
    named: '#views/x.ts',
    may: 'kernel model policy web/session',
    outside: 'yjs react',
  },
  'web/session': {
    folder: 'apps/web/src/session',
    named: '#session/x.ts',
    may: 'kernel model protocol api sync/client',
    outside: 'yjs react zod',
  },
  'web/ui': { folder: 'apps/web/src/ui', named: '#ui/x.ts', may: 'kernel web/i18n', outside: 'react' },
  'web/i18n': { folder: 'apps/web/src/i18n', named: '#i18n/x.ts', may: 'kernel', outside: 'react' },
}
