import type { Me } from '@dongbo/api/routes/me.ts'
import type { Body } from '@dongbo/model/body.ts'
import type { PlainDate } from '@dongbo/model/plainDate.ts'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { TaskId } from '@dongbo/model/ids.ts'
import type { Actor } from '@dongbo/model/matrix/operations/propose.ts'
import type { Writer } from '#intents/writer.ts'
import type { LiveDocument } from '#session/liveDocument.ts'
import type { MatrixRights } from '#views/matrixRights.ts'
import type { MatrixView, Row, Section, Totals } from '#views/matrixView.ts'

/** Everything about the open matrix that its parts share; replaced only when another document is opened. */
export interface MatrixContextValue {
  readonly live: LiveDocument
  readonly view: MatrixView
  readonly rights: MatrixRights
  readonly writer: Writer
  /** In whose name I propose and answer. */
  readonly actor: Actor
  readonly me: Me
  readonly bodies: ReadonlyMap<string, Body>
  readonly today: PlainDate
  readonly planYear: number
  readonly daysOff: ReadonlyMap<string, { readonly nameVi: string; readonly nameEn: string }>
}

export const MatrixContext = createContext<MatrixContextValue | null>(null)

export function useMatrix(): MatrixContextValue {
  const value = useContext(MatrixContext)
  if (value === null) throw new Error('a part of the matrix stands outside a MatrixProvider')
  return value
}

export function useRow(id: TaskId): Row | null {
  const { view } = useMatrix()
  return useSyncExternalStore(
    (changed) => view.subscribe(`row:${id}`, changed),
    () => view.row(id),
  )
}

export function useSections(): readonly Section[] {
  const { view } = useMatrix()
  return useSyncExternalStore((changed) => view.subscribe('sections', changed), view.sections)
}

export function useTotals(): Totals {
  const { view } = useMatrix()
  return useSyncExternalStore((changed) => view.subscribe('totals', changed), view.totals)
}
