import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A V8 processor profile, as far as it is read here. */
interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
  /** Microseconds on the system's monotonic clock. */
  readonly startTime: number
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

/** What a place in the code belongs to. A native call counts with who called it. */
const PARTS: readonly (readonly [part: string, place: RegExp])[] = [
  ['the store (driver, SQL)', /node_modules\/(postgres|drizzle-orm|@electric-sql)\/|\/packages\/db\//],
  ['WebSockets (framing, streams)', /node_modules\/(ws|crossws)\//],
  ['Yjs', /node_modules\/(yjs|lib0|y-protocols)\//],
  ['the gate (gate, model, policy)', /\/packages\/sync\/src\/gate\/|\/packages\/(model|policy)\//],
  ['rooms and messages', /\/packages\/(sync|protocol)\//],
  ['the server’s transport', /\/apps\/server\//],
  ['other packages', /node_modules\//],
]
const SOCKET_WRITE = /^(writev|writeBuffer|writeUtf8String|writeLatin1String)$/

/** Where a server's processor time went between two moments, in percent of what it was busy; largest first. */
export function profileShares(
  profile: Profile,
  fromUs: number,
  untilUs: number,
): readonly (readonly [string, number])[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const spent = new Map<string, number>()
  let busy = 0
  let at = profile.startTime
  for (const [index, id] of profile.samples.entries()) {
    at += profile.timeDeltas[index] ?? 0
    // A sample stands for the time until the next one.
    const lasts = profile.timeDeltas[index + 1] ?? 0
    const part = partOf(id)
    if (at < fromUs || at > untilUs || part === null) continue
    busy += lasts
    spent.set(part, (spent.get(part) ?? 0) + lasts)
  }
  return [...spent].map(([part, us]) => [part, (us * 100) / busy] as const).toSorted((one, other) => other[1] - one[1])

  function partOf(id: number): string | null {
    const name = nodes.get(id)?.callFrame.functionName ?? ''
    if (name === '(idle)') return null
    if (name === '(garbage collector)') return 'collecting garbage'
    const owner = ownerOf(id)
    return SOCKET_WRITE.test(name) ? `writing to sockets: ${owner}` : owner
  }

  function ownerOf(id: number): string {
    for (let node = nodes.get(id); node !== undefined; node = nodes.get(parents.get(node.id) ?? -1)) {
      const { url } = node.callFrame
      const part = PARTS.find(([, place]) => place.test(url))
      if (part !== undefined) return part[0]
    }
    return 'Node itself'
  }
}

/** Reads the newest profile of a folder. */
export function newestProfile(folder: string): Profile {
  const newest = globSync('*.cpuprofile', { cwd: folder }).toSorted().at(-1)
  if (newest === undefined) throw new Error(`no profile in ${folder}`)
  return JSON.parse(readFileSync(join(folder, newest), 'utf8')) as Profile
}
