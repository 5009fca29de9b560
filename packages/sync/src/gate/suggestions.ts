import * as Y from 'yjs'
import type { PersonId } from '@dongbo/model/ids.ts'
import type { Decide } from './judge.ts'
import { refusal, type Refusal } from './refusal.ts'
import { readRichText, type Marks, type Token } from './richText.ts'

/**
 * Who may only suggest adds letters under the mark `insertion` and puts the mark `deletion` on letters that stand there;
 * each mark has an `id` that begins with its author. Rejecting everybody's suggestions must give the same text before and
 * after his update, and what others suggest must be the same too, at the same place.
 */
interface Suggestion {
  readonly kind: 'insertion' | 'deletion'
  readonly id: string
}

/** Marks where a suggestion crosses the border of a block, which has no letters to carry it. */
const BORDER = '\u200B'

/** The id of a new suggestion. `serial` tells an author's suggestions apart. */
export function suggestionId(author: PersonId, serial: string): string {
  return `${author}:${serial}`
}

/** The decision about a document with one rich text, for somebody who may only suggest in it. */
export function decideSuggestions(doc: Y.Doc, root: string, author: PersonId): Decide {
  return (changes, update) => {
    const outside = changes.find(({ path }) => path[0] !== root)
    if (outside !== undefined) return refusal('suggest-only', outside.path)
    return judgeSuggestions(doc, root, update, author)
  }
}

/** Whether an update only suggests. Tried on a copy; `doc` is not changed. */
function judgeSuggestions(doc: Y.Doc, root: string, update: Uint8Array, author: PersonId): Refusal | null {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  const text = copy.getXmlFragment(root)
  const before = readRichText(text)
  Y.applyUpdate(copy, update)
  const after = readRichText(text)
  copy.destroy()
  if (before === null || after === null || !after.every(isClear)) return refusal('too-rich', [root])
  if (rejected(before, () => true) !== rejected(after, () => true)) return refusal('suggest-only', [root])
  const own = ({ id }: Suggestion): boolean => id.startsWith(suggestionId(author, ''))
  return rejected(before, own) === rejected(after, own) ? null : refusal('not-your-suggestion', [root])
}

/** The name of a mark as the editor knows it: one that may lie over itself travels with a hash behind its name. */
const HASHED = /^(.+)--[a-zA-Z0-9+/=]{8}$/

function suggestionsOf(marks: Marks): readonly (Suggestion | null)[] {
  const found: (Suggestion | null)[] = []
  for (const [name, attributes] of marks) {
    const kind = HASHED.exec(name)?.[1] ?? name
    if (kind !== 'insertion' && kind !== 'deletion') continue
    const id = typeof attributes === 'object' && attributes !== null && 'id' in attributes ? attributes.id : null
    found.push(name === kind && typeof id === 'string' ? { kind, id } : null)
  }
  return found
}

/** A run has one suggestion at most, and it says whose it is: with two it would depend on the editor which one counts. */
function isClear(token: Token): boolean {
  if (token.is !== 'run') return true
  const suggestions = suggestionsOf(token.marks)
  return suggestions.length <= 1 && !suggestions.includes(null)
}

function suggestionOf(token: Token | undefined): Suggestion | null {
  return token?.is === 'run' ? (suggestionsOf(token.marks)[0] ?? null) : null
}

/** The text without the suggestions that are rejected, as text to compare. */
function rejected(tokens: readonly Token[], isRejected: (suggestion: Suggestion) => boolean): string {
  const kept: string[] = []
  let run = { marks: '', text: '' }
  const end = (): void => {
    if (run.text !== '') kept.push(JSON.stringify([run.text, run.marks]))
    run = { marks: '', text: '' }
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (token.is !== 'run') {
      end()
      kept.push(token.is === 'close' ? '' : token.name)
      continue
    }
    const suggestion = suggestionOf(token)
    const isGone = suggestion !== null && isRejected(suggestion)
    if (isGone && suggestion.kind === 'insertion') {
      index = borderBehind(tokens, index, suggestion)
      continue
    }
    const marks = marksKey(token.marks, isGone)
    if (marks !== run.marks) end()
    run = { marks, text: run.text + (isGone ? token.text.replaceAll(BORDER, '') : token.text) }
  }
  end()
  return kept.join('\n')
}

/**
 * A suggested border between two blocks: as many blocks end as begin, between two runs of one insertion. Without it the
 * second block's letters stand in the first.
 * @returns the index of the last token that goes
 */
function borderBehind(tokens: readonly Token[], index: number, { id }: Suggestion): number {
  let at = index + 1
  let closed = 0
  for (; tokens[at]?.is === 'close'; at++) closed++
  for (; tokens[at]?.is === 'open'; at++) closed--
  const next = suggestionOf(tokens[at])
  return closed === 0 && at > index + 1 && next?.kind === 'insertion' && next.id === id ? at - 1 : index
}

function marksKey(marks: Marks, withoutSuggestion: boolean): string {
  if (marks.size === 0) return ''
  const kept = [...marks].filter(([name]) => !withoutSuggestion || (name !== 'insertion' && name !== 'deletion'))
  return kept.length === 0 ? '' : JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
