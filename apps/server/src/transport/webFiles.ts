import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}
/** The others are compressed already. */
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt', '.map'])
/** Below it, headers weigh more than what is saved. */
const COMPRESS_FROM_BYTES = 1_024
/** Vite puts a hash of the content into the names in this folder, so they never change. */
const HASHED_FOLDER = 'assets/'
const BROTLI_QUALITY = 9

export type Encoding = 'br' | 'gzip' | 'identity'

export interface WebFile {
  readonly type: string
  readonly etag: string
  readonly isImmutable: boolean
  /** The bytes in an encoding; compressed once, at the first request. */
  body(encoding: Encoding): Promise<Buffer>
  readonly encodings: readonly Encoding[]
}

/** The built web app in memory: a request can reach nothing but what was in the folder at the start. */
export interface WebFiles {
  /** By the path of the URL; null when there is no such file. */
  find(path: string): WebFile | null
  /** The page that every address of the app shows, or null while the app is not built. */
  readonly page: WebFile | null
}

export async function loadWebFiles(folder: string): Promise<WebFiles> {
  const files = new Map<string, WebFile>()
  for (const path of await filesIn(folder)) {
    const name = relative(folder, path).split(sep).join('/')
    files.set(`/${name}`, webFile(name, await readFile(path)))
  }
  return { find: (path) => files.get(path) ?? null, page: files.get('/index.html') ?? null }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function webFile(name: string, bytes: Buffer): WebFile {
  const extension = extname(name)
  const isCompressible = COMPRESSIBLE.has(extension) && bytes.length >= COMPRESS_FROM_BYTES
  const compressed = new Map<Encoding, Promise<Buffer>>()
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    isImmutable: name.startsWith(HASHED_FOLDER),
    encodings: isCompressible ? ['br', 'gzip', 'identity'] : ['identity'],
    body(encoding) {
      if (encoding === 'identity') return Promise.resolve(bytes)
      const kept = compressed.get(encoding) ?? compress(encoding, bytes)
      compressed.set(encoding, kept)
      return kept
    },
  }
}

function compress(encoding: 'br' | 'gzip', bytes: Buffer): Promise<Buffer> {
  return encoding === 'br'
    ? promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
    : promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION })
}
