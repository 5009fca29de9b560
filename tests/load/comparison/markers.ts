/** First byte pair of a marker: `§` in UTF-8. */
const SIGN_1 = 0xc2
const SIGN_2 = 0xa7
const WRITER_DIGITS = 2
const DIGITS = 8
const LENGTH_BYTES = 2 + DIGITS
const BASE = 36

/**
 * What an edit writes: who and which. The letters survive in the bytes of an update, also of a merged one, so receivers
 * find them without decoding anything.
 * @param writer below 1,296
 */
export function marker(writer: number, edit: number): string {
  return `§${writer.toString(BASE).padStart(WRITER_DIGITS, '0')}${edit.toString(BASE).padStart(DIGITS - WRITER_DIGITS, '0')}`
}

const VALUES = new Int8Array(256).fill(-1)
for (let value = 0; value < BASE; value++) VALUES[value.toString(BASE).charCodeAt(0)] = value

/** Calls `found` for every marker in the bytes, in order. */
export function scanMarkers(bytes: Buffer, found: (writer: number, edit: number) => void): void {
  for (let at = bytes.indexOf(SIGN_1); at >= 0; at = bytes.indexOf(SIGN_1, at + 1)) {
    if (bytes[at + 1] !== SIGN_2 || at + LENGTH_BYTES > bytes.length) continue
    const writer = number(bytes, at + 2, WRITER_DIGITS)
    const edit = number(bytes, at + 2 + WRITER_DIGITS, DIGITS - WRITER_DIGITS)
    if (writer >= 0 && edit >= 0) found(writer, edit)
  }
}

function number(bytes: Buffer, at: number, digits: number): number {
  let value = 0
  for (let i = at; i < at + digits; i++) {
    const digit = VALUES[bytes[i] ?? 0] ?? -1
    if (digit < 0) return -1
    value = value * BASE + digit
  }
  return value
}
