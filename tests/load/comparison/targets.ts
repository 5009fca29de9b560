import type { MeasuredServer, StartOptions, World } from './measuredServer.ts'
import { startOurs } from './ourServer.ts'
import { startPeer, type Peer } from './peerServer.ts'

export const TARGETS = ['ours', 'hocuspocus', 'hocuspocus-20', 'y-websocket-server'] as const
export type TargetName = (typeof TARGETS)[number]

export const TARGET_TITLES: Readonly<Record<TargetName, string>> = {
  ours: 'Ours',
  hocuspocus: 'Hocuspocus 4.7.0',
  'hocuspocus-20': 'the same, `flushDelay: 20`',
  'y-websocket-server': '@y/websocket-server 0.1.1',
}

const PEERS: Readonly<Record<Exclude<TargetName, 'ours'>, Peer>> = {
  hocuspocus: { framing: 'hocuspocus', script: 'hocuspocus.mjs', env: {} },
  'hocuspocus-20': { framing: 'hocuspocus', script: 'hocuspocus.mjs', env: { FLUSH_MS: '20' } },
  'y-websocket-server': { framing: 'y-websocket', script: 'yWebsocketServer.mjs', env: {} },
}

export async function startTarget(name: TargetName, world: World, options: StartOptions): Promise<MeasuredServer> {
  return name === 'ours' ? await startOurs(world, options) : await startPeer(PEERS[name], world, options)
}

export function isTarget(text: string): text is TargetName {
  return TARGETS.some((name) => name === text)
}
