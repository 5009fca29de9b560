import { text } from '#i18n/catalogue.ts'
import { ProblemError, UnreachableError } from '#session/request.ts'

/** What to tell the reader about a failed request, in his language; null for a defect of ours. */
export function errorSentence(error: unknown): string | null {
  if (error instanceof ProblemError) return error.message
  if (error instanceof UnreachableError) {
    return text(error.because === 'network' ? 'app.networkError' : 'app.unexpectedAnswer')
  }
  return null
}
