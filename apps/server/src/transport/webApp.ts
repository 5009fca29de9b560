import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerUnknown } from './unknownAddress.ts'
import type { Encoding, WebFile, WebFiles } from './webFiles.ts'

const YEAR_S = 31_536_000

/** Serves the web app: its files, and its page under every address that is not the server's own. */
export function serveWebApp(app: FastifyInstance, files: WebFiles): void {
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const file = files.find(path)
    if (file !== null) return await sendFile(request, reply, file)
    if (isServersOwn(path) || looksLikeAFile(path)) return answerUnknown(request, reply)
    if (files.page === null) {
      return reply.code(503).type('text/plain; charset=utf-8').send('The web app is not built yet: run `npm start`.\n')
    }
    return await sendFile(request, reply, files.page)
  })
}

/** Addresses that the app's router will never show: a mistyped one must not look like a page. */
export function isServersOwn(path: string): boolean {
  return ['/api', '/sync'].some((own) => path === own || path.startsWith(`${own}/`))
}

function looksLikeAFile(path: string): boolean {
  return /\.[a-z0-9]{1,12}$/i.test(path)
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: WebFile): Promise<FastifyReply> {
  void reply
    .type(file.type)
    .header('etag', file.etag)
    .header('cache-control', file.isImmutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const encoding = file.encodings.find((offered) => accepts(request, offered)) ?? 'identity'
  if (file.encodings.length > 1) void reply.header('vary', 'accept-encoding')
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  return reply.send(await file.body(encoding))
}

function accepts(request: FastifyRequest, encoding: Encoding): boolean {
  if (encoding === 'identity') return true
  return String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .some((part) => {
      const [name, quality] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*q=/)
      return name === encoding && (quality === undefined || Number(quality) > 0)
    })
}
