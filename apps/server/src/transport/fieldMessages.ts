import * as z from 'zod'
import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod'
import type { Language } from './language.ts'

const ERROR_MAPS = { vi: z.locales.vi().localeError, en: z.locales.en().localeError }
/** zod's own words for it speak of types of a programming language. */
const WRONG_TYPE = { vi: 'Thiếu, hoặc không đúng kiểu.', en: 'Missing, or of the wrong type.' }

/** What is wrong with a field, in the reader's language; the value itself is never repeated. */
export function localise(finding: ZodFastifySchemaValidationError, language: Language): string {
  if (finding.keyword === 'invalid_type') return WRONG_TYPE[language]
  const speak = ERROR_MAPS[language]
  const issue = { ...finding.params, code: finding.keyword, path: [], input: undefined }
  const said = speak(issue as object as Parameters<typeof speak>[0])
  return (typeof said === 'string' ? said : said?.message) ?? WRONG_TYPE[language]
}
