import type { Store } from '@dongbo/db/connect.ts'
import { BEAT_EVERY_MS, lockFolder } from '@dongbo/db/folderLock.ts'
import type { Config } from './config.ts'

/**
 * The store that the configuration names. The embedded one is locked here, before anything heavy is loaded: a second
 * process learns within a moment that it has to go. Throws `FolderInUse`, or the file system's error.
 */
export function storeOf(config: Config): Store {
  if (config.DATABASE_URL !== undefined) return { engine: 'postgres', url: config.DATABASE_URL }
  const lock = lockFolder(config.DATA_DIR)
  // Throws when the lock file is gone: then the folder may be another's, and the server has to end.
  const beating = setInterval(() => lock.beat(), BEAT_EVERY_MS).unref()
  return {
    engine: 'pglite',
    lock: {
      ...lock,
      release() {
        clearInterval(beating)
        lock.release()
      },
    },
  }
}
