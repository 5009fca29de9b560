import { setupI18n, type I18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { vi, type MessageId } from './vi.ts'

export type Language = 'vi' | 'en'
export type { MessageId }
export type MessageValues = Readonly<Record<string, string | number>>

/** One instance a page: components read it through `useText`, which hears when the language changes. */
export const catalogue: I18n = setupI18n({ locale: 'vi', messages: { vi: compiled(vi) } })

/** Switches the language. English is fetched when it is first asked for; rejects when it cannot be. */
export async function speak(language: Language): Promise<void> {
  if (language === 'en' && catalogue.locale !== 'en') {
    const { en } = await import('./en.ts')
    catalogue.load('en', compiled(en))
  }
  catalogue.activate(language)
}

/** The message in the present language. `values` fill its ICU arguments. */
export function text(id: MessageId, values?: MessageValues): string {
  return catalogue._(id, values)
}

// ICU is parsed once when a language loads, not at every use.
function compiled(messages: Readonly<Record<MessageId, string>>): Record<string, ReturnType<typeof compileMessage>> {
  return Object.fromEntries(Object.entries(messages).map(([id, message]) => [id, compileMessage(message)]))
}
