import type { Instant } from '@dongbo/kernel/clock.ts'
import type { CloseReason } from '@dongbo/protocol/closeCodes.ts'

/** What the save line may say. Driven by the server's durable acknowledgement and nothing else. */
export type SaveState =
  | { readonly at: 'connecting' }
  /** Everything of mine is durable. `savedAt` is the server's clock, epoch milliseconds. */
  | { readonly at: 'saved'; readonly savedAt: number | null }
  | { readonly at: 'sending'; readonly waiting: number; readonly savedAt: number | null }
  | {
      readonly at: 'offline'
      readonly waiting: number
      readonly savedAt: number | null
      readonly since: Instant
      /** Whether what waits outlives this page: it is written on this device. Not the same as saved. */
      readonly kept: boolean
    }
  /** The server ended it for good: only a person can go on (sign in again, reload). */
  | { readonly at: 'stopped'; readonly because: CloseReason; readonly waiting: number }

/** Where edits are until the server has them: on this device, or only in this page while it is open. */
export type Keeping = 'opening' | 'on-device' | 'while-open'

interface Facts {
  readonly stopped: CloseReason | null
  readonly isConnected: boolean
  readonly isSynced: boolean
  readonly isLoaded: boolean
  readonly waiting: number
  readonly savedAt: number | null
  readonly offlineSince: Instant
  readonly kept: boolean
}

export function saveState(facts: Facts): SaveState {
  const { waiting, savedAt } = facts
  if (facts.stopped !== null) return { at: 'stopped', because: facts.stopped, waiting }
  if (!facts.isConnected) {
    if (!facts.isLoaded && waiting === 0) return { at: 'connecting' }
    return { at: 'offline', waiting, savedAt, since: facts.offlineSince, kept: facts.kept }
  }
  if (!facts.isSynced && !facts.isLoaded) return { at: 'connecting' }
  return waiting > 0 || !facts.isSynced ? { at: 'sending', waiting, savedAt } : { at: 'saved', savedAt }
}
