import type { Language } from '#i18n/catalogue.ts'

interface Named {
  readonly nameVi: string
  readonly nameEn: string
  readonly abbr: string
}

/** Longest name, in letters, that a slanted column head (145 px at 12 px type) shows whole. */
const HEAD_LETTERS = 23

export function fullName(body: Named, language: Language): string {
  return language === 'en' && body.nameEn !== '' ? body.nameEn : body.nameVi
}

/** The full name where it is short enough, else the plan's own abbreviation: we never invent one. */
export function shortName(body: Named, language: Language): string {
  const full = fullName(body, language)
  return full.length <= HEAD_LETTERS ? full : body.abbr
}
