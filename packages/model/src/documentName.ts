import type { Brand } from '@dongbo/kernel/brand.ts'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { PlanId } from './ids.ts'

export const DOCUMENT_KINDS = ['matrix', 'calendar', 'sealed', 'message', 'session'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** `kind/id`: the name of one Y.Doc. Who may read it is decided by this name. */
export type DocumentName = Brand<string, 'DocumentName'>

const NAME = /^(matrix|calendar|sealed|message|session)\/[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/

export function parseDocumentName(text: string): Result<DocumentName, 'malformed-document-name'> {
  return NAME.test(text) ? ok(text as DocumentName) : err('malformed-document-name')
}

export function matrixOf(plan: PlanId): DocumentName {
  return `matrix/${plan}` as DocumentName
}

export function kindOf(name: DocumentName): DocumentKind {
  return name.slice(0, name.indexOf('/')) as DocumentKind
}

/** The part behind the kind: a plan's id for a matrix or a calendar. */
export function subjectOf(name: DocumentName): string {
  return name.slice(name.indexOf('/') + 1)
}
