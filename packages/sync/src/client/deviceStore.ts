import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Path } from '@dongbo/model/documentChange.ts'
import type { DocumentName } from '@dongbo/model/documentName.ts'
import type { OwnEdit } from './ownEdits.ts'
import type { NotTaken } from './reapply.ts'

/** What this device keeps of one document for one person. */
export interface StoredCopy {
  /** The history that `base` belongs to; null: nothing was ever heard from the server. */
  readonly generation: string | null
  /** What the server is known to hold, as updates in the order in which they were heard. */
  readonly base: readonly Row<Uint8Array>[]
  /** Edits of copies that nobody has open any more, oldest first. */
  readonly edits: readonly Row<OwnEdit>[]
  readonly notTaken: readonly Row<NotTaken>[]
  /** The client id that the newest of those copies was left with, or null when it was given back. */
  readonly clientId: number | null
}

export interface Row<Value> {
  readonly key: number
  readonly value: Value
}

/** Everything that is written at once: all of it stands afterwards, or nothing. */
export interface StoreChange {
  readonly addBase: readonly Uint8Array[]
  readonly addEdits: readonly OwnEdit[]
  readonly addNotTaken: readonly NotTaken[]
  readonly deleteBase: readonly number[]
  readonly deleteEdits: readonly number[]
  readonly deleteNotTaken: readonly number[]
}

/** The keys under which the additions of a change now stand, in their order. */
export interface AddedKeys {
  readonly base: readonly number[]
  readonly edits: readonly number[]
  readonly notTaken: readonly number[]
}

/** Says which of a person's copies are open: a copy is left when its tab is gone, however it went. */
export interface CopyLocks {
  /** False where nobody can say: every copy counts as left then, also one whose tab is open. */
  readonly areTold: boolean
  /** Null when somebody holds it. Held until it is let go or the page ends. */
  tryHold(name: string): Promise<(() => void) | null>
}

interface Schema extends DBSchema {
  documents: { key: string; value: { readonly document: string; readonly generation: string } }
  copies: {
    key: string
    value: { readonly copy: string; readonly document: string; readonly clientId: number | null }
    indexes: { document: string }
  }
  base: {
    key: number
    value: { readonly document: string; readonly update: Uint8Array }
    indexes: { document: string }
  }
  edits: {
    key: number
    value: { readonly copy: string; readonly update: Uint8Array; readonly paths: readonly Path[] }
    indexes: { copy: string }
  }
  notTaken: { key: number; value: { readonly document: string } & NotTaken; indexes: { document: string } }
}

/** Said once more for programs without the types of a browser, for which `idb` has no `close`. */
type Database = IDBPDatabase<Schema> & { close(): void }

const VERSION = 1

/** One database a person: signing out takes all of it away at once. */
export function databaseName(personId: string): string {
  return `dongbo/${personId}`
}

/** Takes away everything that this device keeps for a person. */
export async function forgetPerson(personId: string): Promise<void> {
  await deleteDB(databaseName(personId))
}

/**
 * One tab's copy of one document on this device. What the server holds is shared by all tabs of the person; edits belong to
 * the tab that made them, and to the next one that opens the document when that tab is gone. Every method rejects when the
 * browser does not keep anything.
 */
export class DeviceStore {
  readonly #database: Database
  readonly #document: DocumentName
  readonly #copy: string
  readonly #release: () => void

  private constructor(database: Database, document: DocumentName, copy: string, release: () => void) {
    this.#database = database
    this.#document = document
    this.#copy = copy
    this.#release = release
  }

  /**
   * @param copy a name for this tab's copy that no other has
   * @param lost called when the browser takes the database away, as signing out in another tab does
   */
  static async open(
    personId: string,
    document: DocumentName,
    copy: string,
    locks: CopyLocks,
    lost: () => void,
  ): Promise<{ readonly store: DeviceStore; readonly stored: StoredCopy }> {
    const database = (await openDB<Schema>(databaseName(personId), VERSION, {
      upgrade(fresh) {
        fresh.createObjectStore('documents', { keyPath: 'document' })
        fresh.createObjectStore('copies', { keyPath: 'copy' }).createIndex('document', 'document')
        for (const name of ['base', 'notTaken'] as const) {
          fresh.createObjectStore(name, { autoIncrement: true }).createIndex('document', 'document')
        }
        fresh.createObjectStore('edits', { autoIncrement: true }).createIndex('copy', 'copy')
      },
      blocking() {
        lost()
        database.close()
      },
      terminated: lost,
    })) as Database
    try {
      const release = (await locks.tryHold(lockName(copy))) ?? (() => undefined)
      const store = new DeviceStore(database, document, copy, release)
      const left = await store.#holdLeft(locks)
      try {
        return {
          store,
          stored: await store.#take(
            left.map(({ copy: name }) => name),
            locks.areTold,
          ),
        }
      } finally {
        for (const { release: letGo } of left) letGo()
      }
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** Writes in one transaction. Resolves once the browser has committed it. */
  async write(change: StoreChange): Promise<AddedKeys> {
    const transaction = this.#database.transaction(['base', 'edits', 'notTaken'], 'readwrite')
    const base = transaction.objectStore('base')
    const edits = transaction.objectStore('edits')
    const notTaken = transaction.objectStore('notTaken')
    const document = this.#document
    const copy = this.#copy
    const added = Promise.all([
      Promise.all(change.addBase.map((update) => base.add({ document, update }))),
      Promise.all(change.addEdits.map(({ update, paths }) => edits.add({ copy, update, paths }))),
      Promise.all(change.addNotTaken.map((one) => notTaken.add({ document, ...one }))),
    ])
    const deleted = Promise.all([
      ...change.deleteBase.map((key) => base.delete(key)),
      ...change.deleteEdits.map((key) => edits.delete(key)),
      ...change.deleteNotTaken.map((key) => notTaken.delete(key)),
    ])
    const [keys] = await Promise.all([added, deleted, transaction.done])
    return { base: keys[0], edits: keys[1], notTaken: keys[2] }
  }

  /** Notes which history the base belongs to, and throws the base away when it is of another. */
  async joined(generation: string): Promise<void> {
    const transaction = this.#database.transaction(['documents', 'base'], 'readwrite')
    const documents = transaction.objectStore('documents')
    const known = await documents.get(this.#document)
    if (known !== undefined && known.generation !== generation) {
      const base = transaction.objectStore('base')
      for (const key of await base.index('document').getAllKeys(this.#document)) await base.delete(key)
    }
    await documents.put({ document: this.#document, generation })
    await transaction.done
  }

  /** Notes the client id under which this copy writes; null: it was given back. */
  async writesAs(clientId: number | null): Promise<void> {
    await this.#database.put('copies', { copy: this.#copy, document: this.#document, clientId })
  }

  close(): void {
    this.#database.close()
    this.#release()
  }

  /** The copies of this document whose tabs are gone, held so that no other tab takes them at the same time. */
  async #holdLeft(locks: CopyLocks): Promise<readonly { readonly copy: string; readonly release: () => void }[]> {
    const held: { copy: string; release: () => void }[] = []
    for (const { copy } of await this.#database.getAllFromIndex('copies', 'document', this.#document)) {
      const release = await locks.tryHold(lockName(copy))
      if (release !== null) held.push({ copy, release })
    }
    return held
  }

  /**
   * Makes what those copies left this one's own, and reads everything.
   * @param areGone whether their tabs are known to be gone: one that may be open goes on writing under its client id, and
   *   what it writes from now on has to be found too
   */
  async #take(left: readonly string[], areGone: boolean): Promise<StoredCopy> {
    const names = ['documents', 'copies', 'base', 'edits', 'notTaken'] as const
    const transaction = this.#database.transaction(names, 'readwrite')
    const copies = transaction.objectStore('copies')
    const edits = transaction.objectStore('edits')
    const document = this.#document
    let clientId: number | null = null
    const taken: Row<OwnEdit>[] = []
    for (const copy of left) {
      if (areGone) {
        const known = await copies.get(copy)
        clientId = known?.clientId ?? clientId
        await copies.delete(copy)
      }
      for (let cursor = await edits.index('copy').openCursor(copy); cursor !== null; cursor = await cursor.continue()) {
        await cursor.update({ ...cursor.value, copy: this.#copy })
        taken.push({ key: cursor.primaryKey, value: { update: cursor.value.update, paths: cursor.value.paths } })
      }
    }
    await copies.put({ copy: this.#copy, document, clientId })
    const known = await transaction.objectStore('documents').get(document)
    const base = await rowsOf(transaction.objectStore('base').index('document'), document)
    const notTaken = await rowsOf(transaction.objectStore('notTaken').index('document'), document)
    await transaction.done
    return {
      generation: known?.generation ?? null,
      base: base.map(({ key, value }) => ({ key, value: value.update })),
      edits: taken.toSorted((one, other) => one.key - other.key),
      notTaken: notTaken.map(({ key, value: { path, mine, code } }) => ({ key, value: { path, mine, code } })),
      clientId,
    }
  }
}

function lockName(copy: string): string {
  return `dongbo/copy/${copy}`
}

interface ByDocument<Value> {
  getAll(document: string): Promise<Value[]>
  getAllKeys(document: string): Promise<number[]>
}

async function rowsOf<Value>(index: ByDocument<Value>, document: string): Promise<readonly Row<Value>[]> {
  const [keys, values] = await Promise.all([index.getAllKeys(document), index.getAll(document)])
  return keys.flatMap((key, position) => {
    const value = values[position]
    return value === undefined ? [] : [{ key, value }]
  })
}
