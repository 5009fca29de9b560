import { describe, expect, test } from 'vitest'
import type { TextStep } from '#views/sharedText.ts'
import { placeAfter, rebase } from './rebase.ts'

const keep = (count: number): TextStep => ({ do: 'keep', count })
const put = (text: string): TextStep => ({ do: 'put', text })
const take = (count: number): TextStep => ({ do: 'take', count })

function apply(text: string, steps: readonly TextStep[]): string {
  let at = 0
  let out = ''
  for (const step of steps) {
    if (step.do === 'put') out += step.text
    else {
      if (step.do === 'keep') out += text.slice(at, at + step.count)
      at += step.count
    }
  }
  return out + text.slice(at)
}

describe('placeAfter', () => {
  test.each([
    ['typing before it pushes it', 5, [put('abc')], 8],
    ['typing behind it does not', 5, [keep(6), put('abc')], 5],
    ['typing exactly there leaves a caret in front', 5, [keep(5), put('abc')], 5],
    ['taking letters before it pulls it', 5, [keep(1), take(2)], 3],
    ['taking the letters around it leaves it at the hole', 5, [keep(3), take(10)], 3],
    ['two changes in one go', 9, [put('xx'), keep(3), take(2), keep(1), put('y')], 10],
  ])('%s', (_, place, steps, expected) => {
    expect(placeAfter(place, steps)).toBe(expected)
  })

  test('the letter under the place stays the same letter', () => {
    const text = 'Tổ chức họp báo quốc tế'
    const steps = [keep(2), put('!!'), keep(5), take(4), keep(2), put('???')]
    const after = apply(text, steps)
    for (let place = 0; place < text.length; place++) {
      if (place >= 7 && place < 11) continue
      expect(after.charAt(placeAfter(place, steps, 'right'))).toBe(text.charAt(place))
    }
  })
})

describe('rebase', () => {
  test('what was typed lands at the same letter', () => {
    expect(rebase({ index: 8, remove: 0, insert: 'x' }, [put('abc')])).toEqual({ index: 11, remove: 0, insert: 'x' })
  })

  test('replacing a word does not take what others put in front of it', () => {
    const change = { index: 4, remove: 3, insert: 'new' }
    expect(rebase(change, [keep(4), put('>> ')])).toEqual({ index: 7, remove: 3, insert: 'new' })
  })

  test('letters that others have taken are not taken twice', () => {
    expect(rebase({ index: 2, remove: 4, insert: '' }, [keep(3), take(2)])).toEqual({ index: 2, remove: 2, insert: '' })
  })
})
