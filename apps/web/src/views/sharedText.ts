import type { TaskId } from '@dongbo/model/ids.ts'
import type { TaskTextField } from '@dongbo/model/matrix/fields.ts'
import { taskText, type MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import type * as Y from 'yjs'

/** One step along a text, as others changed it: keep so many letters, put some in, or take some out. */
export type TextStep =
  | { readonly do: 'keep'; readonly count: number }
  | { readonly do: 'put'; readonly text: string }
  | { readonly do: 'take'; readonly count: number }

export interface SharedText {
  read(): string
  /** Hears every change of the text, whoever made it, as steps from its start. */
  observe(hear: (steps: readonly TextStep[]) => void): () => void
}

/** The live text of a field as plain strings, or null when the task is gone. */
export function sharedText(matrix: MatrixDocument, task: TaskId, field: TaskTextField): SharedText | null {
  const text = taskText(matrix, task, field)
  if (text === null) return null
  return {
    read: () => text.toString(),
    observe(hear) {
      const onEvent = (event: Y.YTextEvent): void => hear(steps(event.delta))
      text.observe(onEvent)
      return () => text.unobserve(onEvent)
    },
  }
}

function steps(delta: Y.YTextEvent['delta']): readonly TextStep[] {
  return delta.flatMap((part): TextStep[] => {
    if (typeof part.insert === 'string') return [{ do: 'put', text: part.insert }]
    if (part.delete !== undefined) return [{ do: 'take', count: part.delete }]
    return part.retain === undefined ? [] : [{ do: 'keep', count: part.retain }]
  })
}
