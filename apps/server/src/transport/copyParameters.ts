import { CLIENT_ID_PARAMETER, GENERATION_PARAMETER } from '@dongbo/protocol/messages.ts'
import { z } from 'zod'

/** Longest generation that is looked at: ours are ULIDs. */
const GENERATION_LIMIT_UNITS = 64

const parameters = z.object({
  [GENERATION_PARAMETER]: z.string().min(1).max(GENERATION_LIMIT_UNITS).optional(),
  // A client id of Yjs: 32 bits, and 0 is nobody's.
  [CLIENT_ID_PARAMETER]: z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/)
    .transform(Number)
    .pipe(z.number().max(0xffff_ffff))
    .optional(),
})

/** What the address of a sync socket says of the copy that its client brings along. */
export interface BroughtCopy {
  readonly generation: string | null
  readonly clientId: number | null
}

/** Null when the address says something that no client of ours says. Other parameters are not looked at. */
export function readCopy(query: unknown): BroughtCopy | null {
  const read = parameters.safeParse(query)
  if (!read.success) return null
  return { generation: read.data[GENERATION_PARAMETER] ?? null, clientId: read.data[CLIENT_ID_PARAMETER] ?? null }
}
