import { create } from 'zustand'
export type Language = 'vi' | 'en'
export type Theme = 'system' | 'light' | 'dark'
export type Density = 'airy' | 'compact'

interface Preferences {
  readonly language: Language
  readonly theme: Theme
  readonly density: Density
}

const STORED_AT = 'dongbo.preferences'
const DEFAULTS: Preferences = { language: 'vi', theme: 'system', density: 'airy' }

function stored(): Preferences {
  try {
    const saved = JSON.parse(localStorage.getItem(STORED_AT) ?? '{}') as Record<string, unknown>
    return {
      language: saved['language'] === 'en' ? 'en' : DEFAULTS.language,
      theme: saved['theme'] === 'light' || saved['theme'] === 'dark' ? saved['theme'] : DEFAULTS.theme,
      density: saved['density'] === 'compact' ? 'compact' : DEFAULTS.density,
    }
  } catch {
    // Storage may be forbidden or hold something unreadable: how the page looks is not worth failing for.
    return DEFAULTS
  }
}

/** How this browser shows the product. Kept here, not on the server: it is about the screen, not about the person. */
export const usePreferences = create<Preferences>(stored)

export function setPreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  const { language, theme, density } = usePreferences.getState()
  try {
    localStorage.setItem(STORED_AT, JSON.stringify({ language, theme, density }))
  } catch {
    // The choice then lasts until the page closes.
  }
}
