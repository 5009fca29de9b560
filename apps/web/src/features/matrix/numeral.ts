const STEPS = [
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
] as const

/** A section's number as a Roman numeral: 1 → I, 14 → XIV. */
export function romanNumeral(number: number): string {
  let rest = number
  let numeral = ''
  for (const [value, letters] of STEPS) {
    while (rest >= value) {
      numeral += letters
      rest -= value
    }
  }
  return numeral
}

/** The number for a new task of a section: one more than the highest that stands there (`II.3`, `II.9` → `II.10`). */
export function nextCode(numeral: string, codes: readonly string[]): string {
  const numbers = codes.map((code) => Number(/(\d+)$/.exec(code)?.[1] ?? 0))
  return `${numeral}.${Math.max(0, ...numbers) + 1}`
}
