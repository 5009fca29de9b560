// `npm start`: the web app is built when its sources changed, then the server runs in this very process, so that a
// signal sent to it is the server's.
import { pathToFileURL } from 'node:url'
import { buildWebIfStale } from './buildWeb.ts'
import { SERVER_MAIN } from './paths.ts'

const startedAt = performance.now()
if (buildWebIfStale() === 'built')
  console.log(`dongbo: built the web app in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
await import(pathToFileURL(SERVER_MAIN).href)
