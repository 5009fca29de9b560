import { existsSync } from 'node:fs'
import { buildWebIfStale } from './buildWeb.ts'

/** A browser suite needs a browser and the present web app. */
export default function requireBrowser(): void {
  const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  if (!existsSync(chromium))
    throw new Error(`no Chromium at ${chromium}; install it (apt-get install chromium fonts-noto-core) or set CHROMIUM`)
  if (!existsSync('/usr/sbin/haproxy') || !existsSync('/usr/bin/redis-server'))
    throw new Error('the stories on two nodes need haproxy and redis-server: apt-get install haproxy redis-server')
  buildWebIfStale()
}
