import * as z from 'zod'

const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' }).transform((value) => value === '1')
const address = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be an address like ${example}` })

/** Everything the environment may say, one description a variable; `infra/env.reference.md` lists the same set, by test. */
export const configSchema = z
  .object({
    PORT: z.coerce
      .number({ error: 'must be a port number' })
      .int('must be a whole number')
      .min(0, 'must be 0 to 65535')
      .max(65_535, 'must be 0 to 65535')
      .default(4750)
      .describe('Port to listen on; 0 takes a free one.'),
    HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every network.'),
    DATABASE_URL: address(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database')
      .optional()
      .describe('PostgreSQL 15 or newer. Left out: an embedded database in DATA_DIR.'),
    REDIS_URL: address(/^rediss?$/, 'redis://host:6379')
      .optional()
      .describe(
        'Redis or Valkey between the servers of one database. Without it run one: several would take turns at writing.',
      ),
    DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database.'),
    PUBLIC_URL: address(/^https?$/, 'https://dongbo.example')
      .optional()
      .describe('Address under which people open the app, when a proxy stands in front.'),
    TRUSTED_PROXIES: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      )
      .pipe(
        z.array(
          z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
            error: 'must be addresses or networks, with commas between',
          }),
        ),
      )
      .describe('Addresses or networks of proxies in front, with commas between: whose X-Forwarded-For is believed.'),
    DONGBO_DEMO: flag
      .optional()
      .describe(
        '1 fills an empty database with the demo plan; default 1 for the embedded database, 0 with DATABASE_URL.',
      ),
    DONGBO_NOW: z
      .string()
      .transform((text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T08:00:00+07:00` : text))
      .pipe(
        z.iso.datetime({
          offset: true,
          error: 'must be a date like 2026-11-23, or an instant like 2026-11-23T08:00:00+07:00',
        }),
      )
      .optional()
      .describe('Starts the clock of a demo or a test at this instant.'),
    METRICS_TOKEN: z
      .string()
      .min(16, 'must have at least 16 characters')
      .optional()
      .describe('Bearer token that lets others than this machine read /metrics.'),
    SESSION_IDLE_MINUTES: z.coerce
      .number({ error: 'must be a number of minutes' })
      .min(1, 'must be 1 to 720')
      .max(720, 'must be 1 to 720')
      .default(30)
      .describe('A session without activity for this many minutes ends.'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
        error: 'must be fatal, error, warn, info, debug or silent',
      })
      .default('warn')
      .describe('What is logged, as JSON lines on standard error.'),
  })
  .transform((environment, context) => {
    const demo = environment.DONGBO_DEMO ?? environment.DATABASE_URL === undefined
    if (environment.DONGBO_NOW !== undefined && !demo) {
      context.addIssue({ code: 'custom', path: ['DONGBO_NOW'], message: 'is for demos and tests: leave it out here' })
    }
    return { ...environment, DONGBO_DEMO: demo }
  })

export type Config = z.output<typeof configSchema>

/** The configuration cannot be used; the message is one sentence that names the variable. */
export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration'
}

/** Empty variables count as left out, as shells and compose files write them. Throws `BadConfiguration`. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = configSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new BadConfiguration(`${String(first?.path[0] ?? 'The environment')} ${first?.message ?? 'is not usable'}.`)
}
