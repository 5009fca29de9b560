import { speak } from '#i18n/catalogue.ts'
import { usePreferences } from '#session/preferences.ts'

/** Puts language, theme and density on the document, now and whenever they or the system's colour scheme change. */
export function applyPreferences(): void {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const { language, theme, density } = usePreferences.getState()
    const root = document.documentElement
    const dark = theme === 'dark' || (theme === 'system' && prefersDark.matches)
    root.dataset['theme'] = dark ? 'dark' : 'light'
    root.dataset['density'] = density
    root.lang = language
    // When English cannot be fetched the page goes on in the language it has.
    speak(language).catch(() => undefined)
  }
  prefersDark.addEventListener('change', apply)
  usePreferences.subscribe(apply)
  apply()
}
