type Name = string | false | null | undefined

/**
 * Picks classes of one CSS module by name. A name that the module does not have is a spelling mistake: it throws while
 * developing and is left out in production.
 */
export function classNames(module: Readonly<Record<string, string>>): (...names: readonly Name[]) => string {
  return (...names) => {
    let joined = ''
    for (const name of names) {
      if (!name) continue
      const known = module[name]
      if (known === undefined) {
        if (import.meta.env.DEV) throw new Error(`no such class: ${name}`)
        continue
      }
      joined += joined === '' ? known : ` ${known}`
    }
    return joined
  }
}
