export type Language = 'vi' | 'en'

/** The reader's language by `Accept-Language`: English when it is asked for before Vietnamese, else Vietnamese. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const weightOf = (language: Language) => {
    let best = 0
    for (const part of (acceptLanguage ?? '').split(',')) {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      if (tag !== language && !tag.startsWith(`${language}-`)) continue
      const quality = parameters.find((parameter) => parameter.trim().startsWith('q='))
      const weight = quality === undefined ? 1 : Number(quality.trim().slice(2))
      if (weight > best) best = weight
    }
    return best
  }
  return weightOf('en') > weightOf('vi') ? 'en' : 'vi'
}
