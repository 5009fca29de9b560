import * as Y from 'yjs'
import type { Container } from '@dongbo/model/containerPath.ts'

/** Depth of blocks in blocks: a list in a list in a table is six deep. */
const DEPTH_LIMIT = 32
/** Marks over one run of text. Yjs itself fails on some ten thousand. */
const MARKS_LIMIT = 64

/** A rich text as a row of tokens, however Yjs has cut it and whatever stands between its texts. */
export type Token =
  | { readonly is: 'open'; readonly name: string }
  | { readonly is: 'close' }
  | { readonly is: 'run'; readonly text: string; readonly marks: Marks }

/** Mark name → its attributes. */
export type Marks = ReadonlyMap<string, unknown>

const NO_MARKS: Marks = new Map()

/**
 * Reads a rich text as y-prosemirror writes it: blocks as XML elements, their letters as texts with marks. Null when it
 * holds what no editor of ours writes, is nested too deep, or has a run with too many marks.
 */
export function readRichText(root: Y.XmlFragment | Y.Text): readonly Token[] | null {
  const tokens: Token[] = []
  return readInside(root, tokens, 0) ? tokens : null
}

function readInside(type: Container, tokens: Token[], depth: number): boolean {
  if (depth > DEPTH_LIMIT) return false
  const marks = new Map<string, unknown>()
  let seen: Marks = NO_MARKS
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    if (content instanceof Y.ContentFormat) {
      if (content.value === null) marks.delete(content.key)
      else marks.set(content.key, content.value)
      if (marks.size > MARKS_LIMIT) return false
      seen = marks.size === 0 ? NO_MARKS : new Map(marks)
    } else if (content instanceof Y.ContentString) {
      tokens.push({ is: 'run', text: content.str, marks: seen })
    } else if (content instanceof Y.ContentEmbed) {
      tokens.push({ is: 'run', text: `\u{FFFC}${JSON.stringify(content.embed)}`, marks: seen })
    } else if (!(content instanceof Y.ContentType) || !readChild(content.type, tokens, depth)) {
      return false
    }
  }
  return true
}

function readChild(child: Y.ContentType['type'], tokens: Token[], depth: number): boolean {
  if (child instanceof Y.XmlElement && !(child instanceof Y.XmlHook)) {
    tokens.push({ is: 'open', name: JSON.stringify([child.nodeName, attributesOf(child)]) })
    if (!readInside(child, tokens, depth + 1)) return false
    tokens.push({ is: 'close' })
    return true
  }
  return child instanceof Y.XmlText && attributesOf(child).length === 0 && readInside(child, tokens, depth + 1)
}

function attributesOf(element: Y.XmlElement | Y.XmlText): readonly (readonly [string, unknown])[] {
  return Object.entries(element.getAttributes()).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
