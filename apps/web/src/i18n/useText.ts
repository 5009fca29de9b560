import { useSyncExternalStore } from 'react'
import { catalogue, text, type Language, type MessageId, type MessageValues } from './catalogue.ts'

const hear = (changed: () => void): (() => void) => catalogue.on('change', changed)

export function useLanguage(): Language {
  return useSyncExternalStore(hear, () => (catalogue.locale === 'en' ? 'en' : 'vi'))
}

/** The catalogue for a component; the component renders again when the language changes. */
export function useText(): (id: MessageId, values?: MessageValues) => string {
  useLanguage()
  return text
}
