import type { TaskId } from '../../ids.ts'
import type { TaskTextField } from '../fields.ts'
import { taskText, type MatrixDocument } from '../shape.ts'

/** One change of a text: `remove` UTF-16 units at `index`, then `insert` there. */
export interface TextChange {
  readonly index: number
  readonly remove: number
  readonly insert: string
}

/**
 * Applies one change to a text of a task, so that what others type at the same time stays. Does nothing when the task
 * is gone. The inserted letters are stored in NFC.
 */
export function editTaskText(
  matrix: MatrixDocument,
  id: TaskId,
  field: TaskTextField,
  change: TextChange,
  origin: unknown,
): void {
  const text = taskText(matrix, id, field)
  if (text === null) return
  matrix.doc.transact(() => {
    if (change.remove > 0) text.delete(change.index, change.remove)
    if (change.insert !== '') text.insert(change.index, change.insert.normalize('NFC'))
  }, origin)
}

/**
 * The smallest single change that turns `before` into `after`, or null when they are equal. With `caret` (the position
 * in `after` behind what was just typed) the change is put where it was typed: "aa" + "a" could be anywhere.
 */
export function textChange(before: string, after: string, caret: number = after.length): TextChange | null {
  if (before === after) return null
  const suffixLimit = Math.min(before.length, after.length - Math.min(caret, after.length))
  let suffix = 0
  while (suffix < suffixLimit && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++
  const prefixLimit = Math.min(before.length, after.length) - suffix
  let prefix = 0
  while (prefix < prefixLimit && before[prefix] === after[prefix]) prefix++
  // Never cut a surrogate pair in two: half a letter is not a letter.
  if (prefix > 0 && isHighSurrogate(before, prefix - 1)) prefix--
  if (suffix > 0 && isLowSurrogate(before, before.length - suffix)) suffix--
  return { index: prefix, remove: before.length - prefix - suffix, insert: after.slice(prefix, after.length - suffix) }
}

/** As `textChange`, when nobody typed it: what is equal at the end is looked for before what is equal at the start. */
export function textDifference(before: string, after: string): TextChange | null {
  return textChange(before, after, 0)
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
