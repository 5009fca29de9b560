import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** For who looks into a fault, not for who works. */
const LEFT_OUT = /\.map$/

/**
 * Writes `serviceWorker.js` with the list of everything that a start without the network needs. By hand: the list is the
 * whole of it, and the usual tool brings a hundred packages and a runtime along.
 */
export function precache(): Plugin {
  return {
    name: 'dongbo-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const shell = new Map<string, string | Uint8Array>()
      for (const [name, output] of Object.entries(bundle)) {
        if (!LEFT_OUT.test(name)) shell.set(name, output.type === 'chunk' ? output.code : output.source)
      }
      const publicFolder = join(import.meta.dirname, 'public')
      for (const name of readdirSync(publicFolder)) shell.set(name, readFileSync(join(publicFolder, name)))
      const hash = createHash('sha256')
      for (const [name, content] of [...shell].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
        hash.update(name).update('\0').update(content).update('\0')
      }
      const version = hash.digest('hex').slice(0, 16)
      // The page itself is kept under its address.
      const files = [...shell.keys()].filter((name) => name !== 'index.html').map((name) => `/${name}`)
      const source = readFileSync(join(import.meta.dirname, 'serviceWorker.js'), 'utf8')
      this.emitFile({
        type: 'asset',
        fileName: 'serviceWorker.js',
        source: source.replace('__SHELL__', JSON.stringify({ version, files })),
      })
    },
  }
}
