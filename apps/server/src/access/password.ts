import { hash, verify } from '@node-rs/argon2'

/** argon2id (the package's default) at the OWASP minimum: 19 MiB, two passes, one lane; 150 to 400 ms on a small server. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Checks passwords, and takes the same time for an account that does not exist. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** `stored` is null for an unknown account, or one without a password: the answer is then always no. */
  matches(password: string, stored: string | null): Promise<boolean>
}

/** Makes one hash that belongs to nobody, for the accounts that do not exist. */
export async function argonPasswords(): Promise<Passwords> {
  const nobody = await hashNormalised('a password that nobody has')
  return {
    hash: hashNormalised,
    async matches(password, stored) {
      const matched = await verify(stored ?? nobody, password.normalize('NFC'))
      return matched && stored !== null
    },
  }
}

/** NFC: the same letters typed on another keyboard may come decomposed. */
async function hashNormalised(password: string): Promise<string> {
  return await hash(password.normalize('NFC'), COST)
}
