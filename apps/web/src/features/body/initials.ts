/** Up to two letters for an avatar: the first letters of the last two words, as Vietnamese names are shortened. */
export function initials(name: string): string {
  const words = name
    .normalize('NFC')
    .split(/[\s&–-]+/)
    .filter((word) => /\p{L}/u.test(word))
  return words
    .slice(-2)
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toUpperCase()
}
