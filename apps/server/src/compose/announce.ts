import { resolve } from 'node:path'
import { DEMO_PASSWORD } from '@dongbo/demo/demoAccounts.ts'
import type { Config } from './config.ts'

/** What a person who starts the server wants to know first. */
export function announcement(config: Config, address: string, isDemo: boolean): string {
  const lines = ['', `  Đồng Bộ is ready: ${address}`, '']
  if (isDemo) {
    lines.push(
      `  Demo accounts, all with the password ${DEMO_PASSWORD}`,
      '    coordinator@demo.dongbo        coordinates the plan (Sở VH&TT)',
      '    svhtt.officer@demo.dongbo      an officer; one for each of the 56 bodies: <body>.officer@demo.dongbo',
      '    sdl.approver@demo.dongbo       an approver; one for each body: <body>.approver@demo.dongbo',
      '    admin@demo.dongbo              administers the system, reads the plan (VP UBND)',
      '',
    )
  }
  lines.push(
    config.DATABASE_URL === undefined
      ? `  Data: ${resolve(config.DATA_DIR)} (embedded database; it survives a killed process, not surely a power cut: use PostgreSQL in production)`
      : `  Data: PostgreSQL at ${new URL(config.DATABASE_URL).host}`,
    '',
  )
  return lines.join('\n')
}

const UNENCRYPTED =
  'Passwords and cookies travel unencrypted: put a TLS proxy in front and set PUBLIC_URL to its https address.'
/** What is unwise about the configuration, one line each. */
export function warnings(config: Config): readonly string[] {
  const isLoopback = config.HOST === 'localhost' || config.HOST === '::1' || config.HOST.startsWith('127.')
  const isHttps = config.PUBLIC_URL?.startsWith('https:') === true
  return isLoopback || isHttps ? [] : [UNENCRYPTED]
}
