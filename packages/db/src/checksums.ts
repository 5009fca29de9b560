import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** For snapshots: few and large. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** For log entries: many and small. Finds every flipped bit of an entry. */
export function checkSum(bytes: Uint8Array): number {
  return crc32(bytes)
}
