import { ROOMS, type Room, TEST_PACKAGES } from './rooms.ts'

interface Pattern {
  readonly group?: readonly string[]
  readonly regex?: string
  readonly message: string
}

interface Override {
  readonly files: readonly string[]
  readonly rules: { readonly 'no-restricted-imports': readonly ['error', { readonly patterns: readonly Pattern[] }] }
}

/** Into another package by path: every such path leads through a `src` or a `node_modules`. */
const BY_PATH: Pattern = {
  regex: '(^|/)(src|node_modules)/|^(\\.\\./)+(apps|packages|infra|tests)/',
  message: 'Reach another package by its name (@dongbo/<package>/<file>.ts), never by a path.',
}

/** A list of re-exports hides who needs what, and loads everything for anything. */
const BARREL: Pattern = { regex: '(^|/)index(\\.ts|\\.tsx)?$', message: 'No barrels: import the file that has it.' }

const ENDING: Pattern = { regex: '^(\\.|#).*/[^./]+$', message: 'Name the file with its ending.' }

function siblingRooms(name: string, room: Room): Pattern[] {
  if (!room.within) return []
  const others = Object.entries(ROOMS)
    .filter(([other, { within }]) => other !== name && within === room.within)
    .map(([other]) => other.slice(other.indexOf('/') + 1))
  const doors = room.within === 'sync' ? '@dongbo/sync/<room>/<file>.ts' : '#<room>/<file>.ts'
  return [
    {
      regex: `^(\\./|\\.\\./)+(${others.join('|')})(/|\\.tsx?$)`,
      message: `Another room is reached as ${doors}, so that the layer law sees it.`,
    },
  ]
}

function mayImport(name: string, room: Room, isTest: boolean): Pattern {
  const rooms = isTest ? [...room.rooms, ...(name === 'testkit' ? [] : ['testkit' as const])] : room.rooms
  const packages = isTest ? [...room.packages, ...TEST_PACKAGES] : room.packages
  const own = room.within === undefined ? [] : [room.specifier]
  const allowed = ['./**', '../**', ...own, ...rooms.map((other) => ROOMS[other].specifier), ...packages]
  const listed = [...rooms, ...packages].join(', ') || 'nothing'
  return {
    group: ['**', ...allowed.map((specifier) => `!${specifier}`)],
    message: `${name} may import only: ${listed} (ARCHITECTURE.md, "Rooms").`,
  }
}

function law(name: string, room: Room, files: readonly string[], isTest: boolean): Override {
  // The first pattern that knows a specifier decides, so what is never allowed stands before what is.
  const patterns = [BY_PATH, BARREL, ENDING, ...siblingRooms(name, room), mayImport(name, room, isTest)]
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

/** Tests from outside and tooling: they may name any package, but never reach into one by path. */
const OUTSIDE: Override = {
  files: ['tests/**', 'infra/**'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ ...BY_PATH, regex: '^(\\.\\./)+(apps|packages)/' }, BARREL] }],
  },
}

/** One override a room, one for the tests and contract suites that lie in it, and one for what lies in no room. */
export function layerOverrides(): Override[] {
  const rooms = Object.entries(ROOMS)
  return [
    ...rooms.map(([name, room]) => law(name, room, [`${room.folder}/${room.isDoor ? '*' : '**'}`], false)),
    ...rooms.map(([name, room]) => {
      const folder = room.isDoor ? room.folder : `${room.folder}/**`
      return law(name, room, [`${folder}/*.test.{ts,tsx}`, `${folder}/*Contract.ts`], true)
    }),
    OUTSIDE,
  ]
}
