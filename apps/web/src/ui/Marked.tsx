import './marked.css'

/** The text with the given ranges (UTF-16 positions, in order, not overlapping) underlined. */
export function Marked({ text, ranges }: { text: string; ranges: readonly (readonly [number, number])[] }) {
  const pieces = []
  let at = 0
  for (const [from, to] of ranges) {
    if (from < at) continue
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  pieces.push(text.slice(at))
  return <>{pieces}</>
}
