import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveWebApp } from './webApp.ts'
import { loadWebFiles } from './webFiles.ts'

const SCRIPT = `export const words = ${JSON.stringify('phối hợp '.repeat(500))}`
const PAGE = '<!doctype html><title>Đồng Bộ</title>'

let folder: string
let app: FastifyInstance

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dongbo-web-'))
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'not for the web')
  writeFileSync(join(folder, 'dist', 'index.html'), PAGE)
  writeFileSync(join(folder, 'dist', 'assets', 'app-1a2b.js'), SCRIPT)
  writeFileSync(join(folder, 'dist', 'assets', 'font-3c4d.woff2'), Buffer.alloc(4_000, 7))
  app = fastify()
  serveWebApp(app, await loadWebFiles(join(folder, 'dist')))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function get(url: string, headers: Record<string, string> = {}) {
  return await app.inject({ url, headers })
}

test('a script comes in the best encoding that the browser takes, and says it may be kept for ever', async () => {
  const brotli = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, deflate, br' })
  expect(brotli.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT)
  const gzip = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, br;q=0' })
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(SCRIPT)
  const plain = await get('/assets/app-1a2b.js')
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.body).toBe(SCRIPT)
})

test('what is compressed already is sent as it is', async () => {
  const font = await get('/assets/font-3c4d.woff2', { 'accept-encoding': 'br, gzip' })
  expect(font.headers['content-type']).toBe('font/woff2')
  expect(font.headers['content-encoding']).toBeUndefined()
  expect(font.rawPayload).toHaveLength(4_000)
})

test('every address of the app shows its page, which is asked for anew each time', async () => {
  for (const url of ['/', '/plans/kh-2026/matrix?group=III', '/nowhere']) {
    const page = await get(url)
    expect(page.body).toBe(PAGE)
    expect(page.headers['cache-control']).toBe('no-cache')
  }
  const first = await get('/')
  const again = await get('/', { 'if-none-match': String(first.headers['etag']) })
  expect(again.statusCode).toBe(304)
  expect(again.body).toBe('')
})

test.each([
  '/assets/gone-5e6f.js',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/api/x',
  '/sync/x/y',
])('%s is not there, and nothing outside the folder is', async (url) => {
  const response = await get(url)
  expect(response.statusCode).toBe(404)
  expect(response.body).not.toContain('not for the web')
})

test('while nothing is built, it says how', async () => {
  const empty = fastify()
  serveWebApp(empty, await loadWebFiles(join(folder, 'nothing')))
  const response = await empty.inject({ url: '/' })
  expect(response.statusCode).toBe(503)
  expect(response.body).toContain('npm start')
  await empty.close()
})
