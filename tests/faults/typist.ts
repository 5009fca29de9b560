import type { TaskId } from '@dongbo/model/ids.ts'
import { TEXT_LIMIT_UNITS } from '@dongbo/model/matrix/fields.ts'
import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { taskText } from '@dongbo/model/matrix/shape.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'

/** Below the end of a text, with room for a few more marks and for one padding that nearly fills it from the start. */
const FULL_UNITS = TEXT_LIMIT_UNITS - 500

/** The old padding and the new one count together where an edit is judged, beside as many marks. */
export const LARGEST_PADDING_UNITS = 2_400

/** Somebody who types marks into a task's note, one edit each, and keeps a record of what he was told is saved. */
export class Typist {
  readonly tab: Connection
  readonly marks: string[] = []
  #made = 0
  readonly #task: TaskId
  readonly #name: string
  #padding = 0
  #lists = 0

  /** `tab` has no edits of its own yet; `name` tells this typist's marks from all others. */
  constructor(tab: Connection, task: TaskId, name: string) {
    this.tab = tab
    this.#task = task
    this.#name = name
  }

  /** @param padding letters behind the mark, instead of those of the time before: large edits in a text that has an end */
  type(count: number, padding = ''): void {
    for (let left = count; left > 0; left--) {
      const mark = `<${this.#name}.${this.#made++}>`
      // Noted first: the tab tells its listeners of the edit before it returns.
      this.marks.push(mark)
      const { matrix } = this.tab.view
      if (this.isFull) throw new Error('the note is full: wipe it, or what is typed is refused')
      const end = taskText(matrix, this.#task, 'noteVi')?.length ?? 0
      const change = { index: end - this.#padding, remove: this.#padding, insert: mark + padding }
      this.#padding = padding.length
      editTaskText(matrix, this.#task, 'noteVi', change, this.tab.origin)
    }
  }

  /** A text has an end, which padding may come near to. */
  get isFull(): boolean {
    const length = taskText(this.tab.view.matrix, this.#task, 'noteVi')?.length ?? 0
    return length - this.#padding > FULL_UNITS
  }

  /** The marks that the tab shows as saved: the server confirms edits in the order in which they were made. */
  get acknowledged(): readonly string[] {
    return this.marks.slice(0, this.marks.length - this.#waitingCount())
  }

  get waiting(): readonly string[] {
    return this.marks.slice(this.marks.length - this.#waitingCount())
  }

  /** Begins a new list of marks, when everything is saved and the old ones are deleted. */
  forget(): void {
    this.#lists++
    this.marks.length = 0
    this.#padding = 0
  }

  /**
   * Calls `hear` with the number of acknowledged marks whenever it has grown, and with those that are new among them; a list
   * that begins anew counts from nothing. Returns how to stop.
   */
  onAcknowledged(hear: (count: number, fresh: readonly string[]) => void): () => void {
    let known = this.acknowledged.length
    let list = this.#lists
    return this.tab.subscribe(() => {
      if (list !== this.#lists) known = 0
      list = this.#lists
      const { acknowledged } = this
      if (acknowledged.length <= known) return
      const fresh = acknowledged.slice(known)
      known = acknowledged.length
      hear(known, fresh)
    })
  }

  #waitingCount(): number {
    const { save } = this.tab.view
    if (save.at === 'saved') return 0
    // A tab that loads anew says nothing of what was typed before.
    return 'waiting' in save ? save.waiting : this.marks.length
  }
}
