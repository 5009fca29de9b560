import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'

/** Where a person's acts go, and the mark by which his own undo finds them again. */
export interface Writer {
  readonly matrix: MatrixDocument
  readonly origin: unknown
}
