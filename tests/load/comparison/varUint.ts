/** lib0's variable-length unsigned integer. */
export function varUint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push(0x80 | (rest % 0x80))
  bytes.push(rest)
  return bytes
}

export function varText(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from(varUint(bytes.length)), bytes])
}

/** @returns the value and where the next one begins */
export function readVarUint(bytes: Buffer, from: number): readonly [value: number, next: number] {
  let value = 0
  let scale = 1
  for (let at = from; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new Error('a number is cut off')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return [value, at + 1]
    scale *= 0x80
  }
}
