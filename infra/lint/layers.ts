import { ROOMS, type Room, TEST_PACKAGES } from './rooms.ts'

interface Pattern {
  group?: string[]
  regex?: string
  message: string
}

interface Override {
  files: string[]
  rules: { 'no-restricted-imports': ['error', { patterns: Pattern[] }] }
}

/** Into another package by path: every such path leads through a `src` or a `node_modules`. */
const BY_PATH: Pattern = {
  regex: '(^|/)(src|node_modules)/|^(\\.\\./)+(apps|packages|infra|tests)/',
  message: 'Reach another package by its name (@dongbo/<package>/<file>.ts), never by a path.',
}

/** A list of re-exports hides who needs what, and loads everything for anything. */
const BARREL: Pattern = { regex: '(^|/)index(\\.ts|\\.tsx)?$', message: 'No barrels: import the file that has it.' }

const ENDING: Pattern = { regex: '^(\\.|#).*/[^./]+$', message: 'Name the file with its ending.' }

/**
 * The rooms of sync are folders of one package and reach each other by path, where the law lets them. The rooms of an
 * app have names (`#room/`), and are only reached by those.
 */
function siblingRooms(name: string, room: Room): Pattern[] {
  const closed = Object.entries(ROOMS)
    .filter(([other, { within }]) => other !== name && room.within !== undefined && within === room.within)
    .filter(([other]) => room.within !== 'sync' || !room.rooms.some((allowed) => allowed === other))
    .map(([other]) => other.slice(other.indexOf('/') + 1))
  if (closed.length === 0) return []
  const regex = `^(\\./|\\.\\./)+(${closed.join('|')})(/|\\.tsx?$)`
  if (room.within === 'sync')
    return [{ regex, message: `${name} may not import this room (ARCHITECTURE.md, "Rooms").` }]
  return [{ regex, message: 'Another room of the app is reached as #<room>/<file>.ts.' }]
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

function law(name: string, room: Room, files: string[], isTest: boolean): Override {
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
