import { expect, test } from 'vitest'
import { CLOSE_CODES, closeReasonOf, type CloseReason } from './closeCodes.ts'

test('each code has one reason, and back', () => {
  for (const [reason, { code }] of Object.entries(CLOSE_CODES)) expect(closeReasonOf(code)).toBe(reason as CloseReason)
  expect(closeReasonOf(1006)).toBeNull()
})

test('codes and texts fit a close frame', () => {
  for (const { code, text } of Object.values(CLOSE_CODES)) {
    // Free for applications, or a registered one that fits.
    expect(code === 1012 || code === 1013 || (code >= 4000 && code <= 4999)).toBe(true)
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(123)
  }
})
