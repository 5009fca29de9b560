import type { Store } from '@dongbo/db/connect.ts'
import { lockFolder } from '@dongbo/db/folderLock.ts'
import type { Config } from './config.ts'

/**
 * The store that the configuration names. The embedded one is locked here, before anything heavy is loaded: a second
 * process learns within a moment that it has to go. Throws `FolderInUse`, or the file system's error.
 */
export function storeOf(config: Config): Store {
  return config.DATABASE_URL === undefined
    ? { engine: 'pglite', lock: lockFolder(config.DATA_DIR) }
    : { engine: 'postgres', url: config.DATABASE_URL }
}
