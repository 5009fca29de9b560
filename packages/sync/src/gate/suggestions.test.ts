import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom, type Random } from '@dongbo/kernel/random.ts'
import { trustedId, type PersonId } from '@dongbo/model/ids.ts'
import { pick } from '@dongbo/testkit/mutations.ts'
import { encodeRaw } from '@dongbo/testkit/rawUpdate.ts'
import { integrate } from './integrate.ts'
import { judge } from './judge.ts'
import { decideSuggestions, suggestionId } from './suggestions.ts'

const ROOT = 'body'
const ME = trustedId<PersonId>('hoa')
const OTHER = trustedId<PersonId>('binh')
const mine = { id: suggestionId(ME, '1') }
const others = { id: suggestionId(OTHER, '1') }
/** What marks the border of a block: it has no letters of its own to carry a mark. */
const BORDER = '\u200B'

/** Two paragraphs, in the first of which somebody else suggests: "Kính gửi [+các ][-Quý ]cơ quan" and "Trân trọng". */
function letterDoc(): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 1
  addParagraph(doc, 0, [
    { insert: 'Kính gửi ' },
    { insert: 'các ', attributes: { insertion: others } },
    { insert: 'Quý ', attributes: { deletion: others } },
    { insert: 'cơ quan' },
  ])
  addParagraph(doc, 1, [{ insert: 'Trân trọng' }])
  return doc
}

function addParagraph(doc: Y.Doc, at: number, delta: unknown[]): void {
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  text.applyDelta(delta)
  paragraph.insert(0, [text])
  doc.getXmlFragment(ROOT).insert(at, [paragraph])
}

function textOf(doc: Y.Doc, paragraph: number): Y.XmlText {
  const element = doc.getXmlFragment(ROOT).get(paragraph)
  const text = element instanceof Y.XmlElement ? element.get(0) : null
  if (!(text instanceof Y.XmlText)) throw new Error('the letter has this paragraph')
  return text
}

type Edit = (doc: Y.Doc) => void

function updateBy(doc: Y.Doc, edit: Edit, clientId = 7): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  copy.clientID = clientId
  const before = Y.encodeStateVector(copy)
  copy.transact(() => edit(copy))
  return Y.encodeStateAsUpdate(copy, before)
}

/** Through the whole gate, as a room does; the verdict in one word. */
function send(doc: Y.Doc, update: Uint8Array): string {
  doc.getXmlFragment(ROOT)
  const before = Y.encodeStateAsUpdate(doc)
  const verdict = judge(doc, update, ME, new Map(), decideSuggestions(doc, ROOT, ME))
  if (!verdict.ok) {
    expect(Y.encodeStateAsUpdate(doc), 'a refusal changes nothing').toEqual(before)
    return verdict.error.code
  }
  const witness = new Y.Doc()
  Y.applyUpdate(witness, before)
  const { faithful, emitted } = integrate(doc, verdict.value.update, verdict.value.changes, null)
  expect(faithful).toBe(true)
  if (emitted !== null) Y.applyUpdate(witness, emitted)
  expect(Y.encodeStateVector(witness)).toEqual(Y.encodeStateVector(doc))
  expect(witness.getXmlFragment(ROOT).toJSON()).toBe(doc.getXmlFragment(ROOT).toJSON())
  return 'in'
}

const insert =
  (at: number, text: string, attributes: object = { insertion: mine }): Edit =>
  (doc) =>
    textOf(doc, 0).insert(at, text, { insertion: null, deletion: null, ...attributes })
const mark =
  (at: number, length: number, attributes: Record<string, unknown>): Edit =>
  (doc) =>
    textOf(doc, 0).format(at, length, attributes)

/** Enter in the middle of a paragraph, as y-prosemirror writes it: the rest of the letters move to a new block. */
const split =
  (first: object | undefined, second: object | undefined, block = 'paragraph'): Edit =>
  (doc) => {
    const text = textOf(doc, 1)
    text.delete(5, 5)
    text.insert(5, BORDER, first ?? {})
    const paragraph = new Y.XmlElement(block)
    const rest = new Y.XmlText()
    rest.applyDelta([{ insert: BORDER, attributes: second ?? {} }, { insert: 'trọng' }])
    paragraph.insert(0, [rest])
    doc.getXmlFragment(ROOT).insert(2, [paragraph])
  }

const table: readonly { readonly what: string; readonly edit: Edit; readonly verdict: string }[] = [
  { what: 'suggests letters', edit: insert(0, 'Xin '), verdict: 'in' },
  { what: 'types letters', edit: insert(0, 'Xin ', {}), verdict: 'suggest-only' },
  { what: 'suggests letters inside another’s suggestion', edit: insert(11, 'x'), verdict: 'in' },
  { what: 'types under another’s name', edit: insert(0, 'x', { insertion: others }), verdict: 'not-your-suggestion' },
  { what: 'types under no name', edit: insert(0, 'x', { insertion: { id: 7 } }), verdict: 'too-rich' },
  { what: 'types a border without a mark', edit: insert(0, BORDER, {}), verdict: 'suggest-only' },
  { what: 'suggests that letters go', edit: mark(0, 4, { deletion: mine }), verdict: 'in' },
  { what: 'deletes letters', edit: (doc) => textOf(doc, 0).delete(0, 4), verdict: 'suggest-only' },
  { what: 'makes letters bold', edit: mark(0, 4, { bold: {} }), verdict: 'suggest-only' },
  { what: 'suggests bold letters', edit: insert(0, 'Xin ', { insertion: mine, bold: {} }), verdict: 'in' },
  { what: 'accepts another’s insertion', edit: mark(9, 4, { insertion: null }), verdict: 'suggest-only' },
  { what: 'rejects another’s insertion', edit: (doc) => textOf(doc, 0).delete(9, 4), verdict: 'not-your-suggestion' },
  { what: 'rejects another’s deletion', edit: mark(13, 4, { deletion: null }), verdict: 'not-your-suggestion' },
  { what: 'takes another’s deletion over', edit: mark(13, 4, { deletion: mine }), verdict: 'not-your-suggestion' },
  { what: 'takes another’s insertion over', edit: mark(9, 4, { insertion: mine }), verdict: 'not-your-suggestion' },
  {
    what: 'moves another’s insertion',
    edit: (doc) => {
      textOf(doc, 0).delete(9, 4)
      textOf(doc, 0).insert(0, 'các ', { insertion: others })
    },
    verdict: 'not-your-suggestion',
  },
  { what: 'hides a mark behind a hash', edit: insert(0, 'x', { 'insertion--abcdefg=': mine }), verdict: 'too-rich' },
  {
    what: 'puts two suggestions on one run',
    edit: insert(0, 'x', { insertion: mine, deletion: mine }),
    verdict: 'too-rich',
  },
  { what: 'suggests a new paragraph', edit: split({ insertion: mine }, { insertion: mine }), verdict: 'in' },
  {
    what: 'suggests that what follows is a heading',
    edit: split({ insertion: mine }, { insertion: mine }, 'heading'),
    verdict: 'in',
  },
  { what: 'makes a new paragraph', edit: split(undefined, undefined), verdict: 'suggest-only' },
  { what: 'suggests half a border', edit: split({ insertion: mine }, undefined), verdict: 'suggest-only' },
  {
    what: 'closes another’s border',
    edit: split({ insertion: mine }, { insertion: others }),
    verdict: 'suggest-only',
  },
  { what: 'removes a paragraph', edit: (doc) => doc.getXmlFragment(ROOT).delete(1, 1), verdict: 'suggest-only' },
  {
    what: 'adds a paragraph',
    edit: (doc) => addParagraph(doc, 2, [{ insert: 'x', attributes: { insertion: mine } }]),
    verdict: 'suggest-only',
  },
  {
    what: 'changes a block’s attribute',
    edit: (doc) => (doc.getXmlFragment(ROOT).get(0) as Y.XmlElement).setAttribute('align', 'right'),
    verdict: 'suggest-only',
  },
  { what: 'writes beside the text', edit: (doc) => doc.getMap('meta').set('x', 1), verdict: 'suggest-only' },
  {
    what: 'puts many marks on a letter',
    edit: insert(0, 'x', Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`m${i}`, {}]))),
    verdict: 'too-rich',
  },
  {
    what: 'nests blocks without end',
    edit: (doc) => {
      let inner = new Y.XmlElement('quote')
      for (let depth = 0; depth < 40; depth++) {
        const outer = new Y.XmlElement('quote')
        outer.insert(0, [inner])
        inner = outer
      }
      doc.getXmlFragment(ROOT).insert(0, [inner])
    },
    verdict: 'unresolvable',
  },
]

describe('who may only suggest', () => {
  test.each(table)('$what: $verdict', ({ edit, verdict }) => {
    const doc = letterDoc()
    expect(send(doc, updateBy(doc, edit))).toBe(verdict)
  })

  test('may change and withdraw what he suggested himself', () => {
    const doc = letterDoc()
    expect(send(doc, updateBy(doc, insert(0, 'Xin ')))).toBe('in')
    expect(send(doc, updateBy(doc, mark(4, 4, { deletion: mine }), 8))).toBe('in')
    expect(send(doc, updateBy(doc, insert(3, 'x'), 9))).toBe('in')
    expect(
      send(
        doc,
        updateBy(doc, (copy) => textOf(copy, 0).delete(0, 5), 10),
      ),
    ).toBe('in')
    expect(send(doc, updateBy(doc, mark(0, 4, { deletion: null }), 11))).toBe('in')
    expect(textOf(doc, 0).toDelta()).toEqual(textOf(letterDoc(), 0).toDelta())
  })
})

test('marks around nothing are tidied up by Yjs in a second transaction, and both are told', () => {
  const doc = letterDoc()
  expect(send(doc, updateBy(doc, insert(0, 'Xin ')))).toBe('in')
  const letters = textOf(doc, 0)._start?.right
  if (!(letters?.content instanceof Y.ContentString)) throw new Error('behind the mark stand the letters')
  const { client, clock } = letters.id
  // Without the marks around them, as no editor deletes.
  const deletes = new Map([[client, [{ clock, len: letters.length }]]])
  expect(send(doc, encodeRaw({ structs: [], deletes }))).toBe('in')
  expect(textOf(doc, 0).toDelta()).toEqual(textOf(letterDoc(), 0).toDelta())
})

/** The text that stands when everybody's suggestions are rejected, by Yjs' own reading of it. */
function rejectedText(doc: Y.Doc): string {
  const pieces = doc
    .getXmlFragment(ROOT)
    .toArray()
    .map((_, paragraph) => {
      const delta = textOf(doc, paragraph).toDelta() as { insert: string; attributes?: { insertion?: unknown } }[]
      return delta.map(({ insert: text, attributes }) => (attributes?.insertion === undefined ? text : '')).join('')
    })
  return pieces.join('\n')
}

function othersSuggest(doc: Y.Doc): string {
  const all = doc
    .getXmlFragment(ROOT)
    .toArray()
    .map((_, paragraph) => {
      const delta = textOf(doc, paragraph).toDelta() as {
        insert: string
        attributes?: Record<string, { id?: string }>
      }[]
      return delta.flatMap(({ insert: text, attributes }) =>
        attributes?.['insertion']?.id === others.id || attributes?.['deletion']?.id === others.id ? [text] : [],
      )
    })
  return all.flat().join('')
}

/** Anything that can be done to a text, allowed or not. */
function anyEdit(random: Random, doc: Y.Doc): void {
  const text = textOf(doc, random.below(2))
  const at = random.below(text.length + 1)
  const length = Math.min(text.length - at, 1 + random.below(4))
  const marks = pick(random, [{ insertion: mine }, { insertion: mine }, { deletion: mine }, { insertion: others }, {}])
  switch (random.below(6)) {
    case 0:
    case 1:
    case 2:
      return text.insert(at, pick(random, ['x', 'đề ', '🎬']), { insertion: null, deletion: null, ...marks })
    case 3:
      return length > 0 ? text.delete(at, length) : undefined
    case 4:
      return length > 0 ? text.format(at, length, { deletion: pick(random, [mine, mine, others, null]) }) : undefined
    default:
      return length > 0 ? text.format(at, length, { insertion: pick(random, [mine, null, others]) }) : undefined
  }
}

describe('whatever is sent by who may only suggest', () => {
  let inside = 0
  let refused = 0

  test.each(Array.from({ length: 30 }, (_, seed) => seed))('the text and what others suggest stay: seed %i', (seed) => {
    const random = seededRandom(seed)
    const doc = letterDoc()
    const [text, theirs] = [rejectedText(doc), othersSuggest(doc)]
    for (let step = 0; step < 60; step++) {
      const update = updateBy(
        doc,
        (copy) => {
          for (let edits = random.below(2); edits >= 0; edits--) anyEdit(random, copy)
        },
        100 + step,
      )
      const verdict = send(doc, update)
      if (verdict === 'in') inside++
      else refused++
      expect(rejectedText(doc), `seed ${seed}, step ${step}`).toBe(text)
      expect(othersSuggest(doc), `seed ${seed}, step ${step}`).toBe(theirs)
    }
  })

  test.each(Array.from({ length: 20 }, (_, seed) => seed))('honest suggestions are never refused: seed %i', (seed) => {
    const random = seededRandom(seed)
    const doc = letterDoc()
    for (let step = 0; step < 60; step++) {
      const update = updateBy(doc, (copy) => suggest(random, textOf(copy, random.below(2)), step), 100 + step)
      expect(send(doc, update), `seed ${seed}, step ${step}`).toBe('in')
    }
  })

  test('the runs were not vacuous', () => {
    expect(inside).toBeGreaterThan(300)
    expect(refused).toBeGreaterThan(300)
  })
})

/**
 * As the editor does: own letters are really deleted, others' insertions stay, the rest is marked. Each suggestion has an
 * id of its own: one id at both sides of a border would mean that the border is suggested.
 */
function suggest(random: Random, text: Y.XmlText, serial: number): void {
  const at = random.below(text.length + 1)
  const own = { id: suggestionId(ME, `s${serial}`) }
  const isOwn = (mark: { id: string } | undefined): boolean => mark?.id.startsWith(suggestionId(ME, '')) === true
  if (random.below(2) === 0) return text.insert(at, 'đề xuất ', { insertion: own, deletion: null })
  let from = 0
  for (const run of text.toDelta() as { insert: string; attributes?: Record<string, { id: string }> }[]) {
    const { insert: letters, attributes } = run
    if (at >= from && at < from + letters.length) {
      if (isOwn(attributes?.['insertion'])) text.delete(from, letters.length)
      else if (isOwn(attributes?.['deletion'])) text.format(from, letters.length, { deletion: null })
      else if (attributes === undefined) text.format(from, letters.length, { deletion: own })
      return
    }
    from += letters.length
  }
}
