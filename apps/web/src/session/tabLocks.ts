import type { CopyLocks } from '@dongbo/sync/client/deviceStore.ts'

/**
 * Which copies have an open tab, by the browser's own locks: they end with the page, however it ends. Without them (a page
 * that came over plain http from another machine) every copy counts as left: tabs then send one another's edits too. The
 * same edit twice is the same edit; but two tabs that went on under one client id would write different things at the same
 * clocks, so none takes up the id of another there.
 */
export function tabLocks(): CopyLocks {
  // Absent where the page is no secure context, whatever the types say.
  const locks = (navigator as { readonly locks?: LockManager }).locks
  if (locks === undefined) return { areTold: false, tryHold: async () => () => undefined }
  return { areTold: true, tryHold: (name) => hold(locks, name) }
}

async function hold(locks: LockManager, name: string): Promise<(() => void) | null> {
  return await new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        resolve(null)
        return undefined
      }
      return new Promise<void>((release) => resolve(release))
    }
    locks.request(name, { ifAvailable: true }, held).catch(reject)
  })
}
