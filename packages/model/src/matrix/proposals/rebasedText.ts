import { textDifference } from '../operations/editTaskText.ts'

/**
 * A proposed text on top of what others have written since: where their change and the proposed one do not meet, both
 * stay; where they do, the text becomes what was proposed.
 */
export function rebasedText(was: string, proposed: string, now: string): string {
  const mine = textDifference(was, proposed)
  const theirs = textDifference(was, now)
  if (mine === null) return now
  if (theirs === null || proposed === now) return proposed
  const isBefore = mine.index + mine.remove < theirs.index
  const isBehind = theirs.index + theirs.remove < mine.index
  if (!isBefore && !isBehind) return proposed
  const index = isBefore ? mine.index : mine.index + theirs.insert.length - theirs.remove
  return now.slice(0, index) + mine.insert + now.slice(index + mine.remove)
}
