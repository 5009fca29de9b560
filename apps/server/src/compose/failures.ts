import { DatabaseUnusable } from '@dongbo/db/databaseUnusable.ts'
import { FolderInUse } from '@dongbo/db/folderLock.ts'
import { loggedError } from '#transport/loggedError.ts'
import { BadConfiguration, type Config } from './config.ts'

/** Folder errors that mean "I may not, or cannot, write here". */
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC', 'EISDIR'])

/**
 * One sentence that says what to do about a start that failed, or null when the cause is not one that we know: then the
 * stack is the most useful thing there is.
 */
export function sentenceFor(error: unknown, config: Config | null): string | null {
  if (error instanceof BadConfiguration || error instanceof DatabaseUnusable) return error.message
  if (error instanceof FolderInUse) {
    return `The data folder ${config?.DATA_DIR ?? ''} is in use by process ${error.holder.pid}: stop it, or set DATA_DIR to another folder.`
  }
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || config === null) return null
  const isListening = 'syscall' in error && error.syscall === 'listen'
  if (isListening && error.code === 'EADDRINUSE') {
    return `Port ${config.PORT} is in use: stop the program that listens on it, or set PORT to another port.`
  }
  if (isListening && error.code === 'EACCES') {
    return `Port ${config.PORT} may not be opened by this user: set PORT to one from 1024 on.`
  }
  if (isListening || ('syscall' in error && error.syscall === 'getaddrinfo')) {
    return `The address ${config.HOST} cannot be listened on (${error.code}): set HOST to an address of this machine.`
  }
  if (NOT_WRITABLE.has(error.code) && config.DATABASE_URL === undefined) {
    return `The data folder ${config.DATA_DIR} cannot be written (${error.code}): set DATA_DIR to a folder that can.`
  }
  return null
}

/** An error that we do not know, with its stack and without the values of a query: those are people's words. */
export function withoutContent(error: unknown): string {
  const { message, stack } = loggedError(error)
  return stack === '' ? message : `${message}\n${stack}`
}
