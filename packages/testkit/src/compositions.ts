import type { Random } from '@dongbo/kernel/random.ts'
import type { TaskId } from '@dongbo/model/ids.ts'
import { editTaskText, textChange } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { pick } from './mutations.ts'

export type TypedField = 'titleVi' | 'titleEn' | 'noteVi' | 'resultVi'

/**
 * Syllables as Vietnamese input methods make them, key by key: each key may change letters anywhere in the syllable.
 * Telex marks with letters (`dduwowngf`), VNI with digits (`d9uo7ng2`); some replace the whole syllable each time.
 */
const SYLLABLES = [
  ['d', 'du', 'duo', 'duon', 'đuon', 'đuong', 'đương', 'đường'],
  ['d', 'đ', 'đu', 'đư', 'đưo', 'đươ', 'đươn', 'đương', 'đường'],
  ['n', 'ng', 'ngh', 'nghi', 'nghie', 'nghiê', 'nghiêp', 'nghiệp'],
  ['n', 'ng', 'ngh', 'nghi', 'nghie', 'nghiep', 'nghiêp', 'nghiệp', 'nghiệp '],
  ['h', 'ho', 'hoa', 'hòa', 'hòa '],
  ['h', 'ho', 'hoa', 'hòa', 'hoa', 'hoá', 'hoa'],
  ['t', 'th', 'thu', 'thuy', 'thủy'],
  ['q', 'qu', 'quo', 'quoc', 'quôc', 'quốc', 'quốc ', 'quốc g'],
]

/** Types one syllable somewhere in a text, as an input method does; now and then it is given up half-way. */
export function compose(
  random: Random,
  matrix: MatrixDocument,
  task: TaskId,
  field: TypedField,
  origin: unknown,
): void {
  const before = taskText(matrix, task, field)?.toString() ?? ''
  let at = random.below(before.length + 1)
  // No caret stands in the middle of a surrogate pair.
  if (/[\uDC00-\uDFFF]/.test(before.charAt(at))) at--
  const keys = pick(random, SYLLABLES)
  const typed = random.below(8) === 0 ? [...keys.slice(0, 1 + random.below(keys.length)), ''] : keys
  let shown = before
  for (const syllable of typed) {
    const next = before.slice(0, at) + syllable + before.slice(at)
    const change = textChange(shown, next, at + syllable.length)
    if (change !== null) editTaskText(matrix, task, field, change, origin)
    shown = taskText(matrix, task, field)?.toString() ?? ''
  }
}
