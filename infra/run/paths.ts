import { join } from 'node:path'

/** The folder of the whole project. */
export const ROOT = join(import.meta.dirname, '..', '..')
export const WEB = join(ROOT, 'apps', 'web')
export const SERVER_MAIN = join(ROOT, 'apps', 'server', 'src', 'main.ts')
const BIN = join(ROOT, 'node_modules', '.bin')

/** A tool of the root manifest. */
export function tool(name: string): string {
  return join(BIN, name)
}
