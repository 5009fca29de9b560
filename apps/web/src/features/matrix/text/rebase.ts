import type { TextChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import type { TextStep } from '#views/sharedText.ts'

/**
 * Where a place in a text is after others changed it. A letter put in exactly there pushes the place along only with
 * `sticks: 'right'`; a caret stays in front of what others type at its place.
 */
export function placeAfter(place: number, steps: readonly TextStep[], sticks: 'left' | 'right' = 'left'): number {
  let at = 0
  let moved = place
  for (const step of steps) {
    if (at > moved) break
    if (step.do === 'keep') at += step.count
    else if (step.do === 'put') {
      if (at < moved || (at === moved && sticks === 'right')) moved += step.text.length
      at += step.text.length
    } else moved = Math.max(at, moved - step.count)
  }
  return moved
}

/** The same change for the text as it is after others changed it. */
export function rebase(change: TextChange, steps: readonly TextStep[]): TextChange {
  const start = placeAfter(change.index, steps, change.remove > 0 ? 'right' : 'left')
  const end = placeAfter(change.index + change.remove, steps)
  return { index: start, remove: Math.max(0, end - start), insert: change.insert }
}
