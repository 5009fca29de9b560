import { textDifference, type TextChange } from '../operations/editTaskText.ts'

/**
 * A proposed text on top of what others have written since: where their change and the proposed one do not meet, both
 * stay; where they do, the text becomes what was proposed.
 */
export function rebasedText(was: string, proposed: string, now: string): string {
  const mine = textDifference(was, proposed)
  const theirs = textDifference(was, now)
  if (mine === null) return now
  if (theirs === null || proposed === now) return proposed
  if (isIn(mine, textDifference(proposed, now))) return now
  const isBefore = mine.index + mine.remove < theirs.index
  const isBehind = theirs.index + theirs.remove < mine.index
  if (!isBefore && !isBehind) return proposed
  const index = isBefore ? mine.index : mine.index + theirs.insert.length - theirs.remove
  return now.slice(0, index) + mine.insert + now.slice(index + mine.remove)
}

/**
 * Whether the proposed change is in the text already and only other places have changed `since`. Letters right beside
 * what came in leave it whole; where letters went out there is no beside.
 */
function isIn(mine: TextChange, since: TextChange | null): boolean {
  if (since === null) return true
  const end = mine.index + mine.insert.length
  const isBefore =
    since.index + since.remove < mine.index || (mine.insert !== '' && since.index + since.remove === mine.index)
  const isBehind = since.index > end || (mine.insert !== '' && since.index === end)
  return isBefore || isBehind
}
