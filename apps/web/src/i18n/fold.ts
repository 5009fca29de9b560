/**
 * The text without case, tone marks or accents, and with đ as d, so that "so ngoai vu" finds "Sở Ngoại vụ". One letter in
 * gives one letter out (of the NFC form), so positions of a match hold in the original.
 */
export function fold(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    if (letter === 'đ' || letter === 'Đ') return 'd'
    const bare = letter.normalize('NFD').charAt(0).toLowerCase()
    return bare.padEnd(letter.length, ' ')
  }).join('')
}

export interface Match {
  /** Higher is better. */
  readonly score: number
  /** What matched, as positions in the NFC text. */
  readonly ranges: readonly (readonly [from: number, to: number])[]
}

/** Where every word of the query begins a word of the text (or, failing that, stands inside one); null if one is missing. */
export function match(text: string, query: string): Match | null {
  const haystack = fold(text)
  const words = fold(query).split(/\s+/).filter(Boolean)
  let score = 0
  const ranges: [number, number][] = []
  const whole = words.join(' ')
  const atOnce = haystack.indexOf(whole)
  if (atOnce === 0 || (atOnce > 0 && isBoundary(haystack, atOnce))) {
    return { score: 100 - Math.min(atOnce, 50) + whole.length, ranges: [[atOnce, atOnce + whole.length]] }
  }
  for (const word of words) {
    const at = indexOfWord(haystack, word)
    const found = at >= 0 ? at : haystack.indexOf(word)
    if (found < 0) return null
    score += at >= 0 ? 10 : 1
    ranges.push([found, found + word.length])
  }
  return { score: score / Math.max(words.length, 1), ranges: ranges.toSorted((a, b) => a[0] - b[0]) }
}

function indexOfWord(haystack: string, word: string): number {
  for (let at = haystack.indexOf(word); at >= 0; at = haystack.indexOf(word, at + 1)) {
    if (at === 0 || isBoundary(haystack, at)) return at
  }
  return -1
}

function isBoundary(text: string, at: number): boolean {
  return !/[a-z0-9]/.test(text.charAt(at - 1))
}
