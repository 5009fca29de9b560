// Lets the page start without the network. Built by `precache.ts`, which puts the version and the files in.
const { version, files } = __SHELL__

const CACHE = `dongbo-shell-${version}`
/** A server that has not answered by then is as good as out of reach: people in the field have such networks. */
const PATIENCE_MS = 4_000

// All or nothing: a version of which a file is missing would start and then break. The worker of the pages that are open
// stays until they are closed, with the files that belong to them.
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['/', ...files])))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  // Its name has the hash of its content: whichever copy is found is the right one.
  else if (files.includes(pathname)) event.respondWith(kept(pathname).then((found) => found ?? fetch(request)))
})

/** The server's page, so that a new version is taken at the next start; the kept one when the server cannot be reached. */
async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    // What stands before the server (a proxy, a captive portal) may answer in its place while it is away.
    return answer.status >= 500 ? ((await kept('/')) ?? answer) : answer
  } catch (error) {
    const found = await kept('/')
    if (found === undefined) throw error
    return found
  }
}

async function kept(path) {
  const cache = await caches.open(CACHE)
  return await cache.match(path)
}
