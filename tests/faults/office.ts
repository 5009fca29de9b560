import { editTaskText } from '@dongbo/model/matrix/operations/editTaskText.ts'
import { taskText } from '@dongbo/model/matrix/shape.ts'
import { isSaved, signIn, tabOf, until, type TabOptions } from '@dongbo/testkit/liveTab.ts'
import type { Random } from '@dongbo/kernel/random.ts'
import type { Connection } from '@dongbo/sync/client/connection.ts'
import { contentOf, desks, expectNoneRefused, expectOnce, marksIn, type Desk } from './marks.ts'
import { Typist } from './typist.ts'

type Elsewhere = Partial<Pick<TabOptions, 'url' | 'document' | 'clock'>>

const READY_EVERY_MS = 50

/** The people of a test: real tabs of the web app in this process, signed in once each. */
export class Office {
  readonly #url: string
  readonly #name: string
  readonly #cookies = new Map<string, string>()
  readonly #open = new Set<Connection>()
  #tabs = 0

  /**
   * @param url where people sign in; a tab may go through a proxy instead
   * @param name begins every mark, when two offices type into one document
   */
  constructor(url: string, name = 't') {
    this.#url = url
    this.#name = name
  }

  async cookieOf(email: string): Promise<string> {
    const cookie = this.#cookies.get(email) ?? (await signIn(this.#url, email))
    this.#cookies.set(email, cookie)
    return cookie
  }

  /** A tab as it opens: what it sees is awaited by the caller. */
  async open(email: string, elsewhere: Elsewhere = {}): Promise<Connection> {
    const tab = tabOf({ url: this.#url, cookie: await this.cookieOf(email), seed: this.#tabs++, ...elsewhere })
    this.#open.add(tab)
    return tab
  }

  /** A tab that has loaded. */
  async enter(email: string, elsewhere: Elsewhere = {}): Promise<Connection> {
    const tab = await this.open(email, elsewhere)
    await until(tab, isSaved)
    return tab
  }

  async sitDown({ email, task }: Desk, elsewhere: Elsewhere = {}): Promise<Typist> {
    const name = `${this.#name}${this.#tabs}`
    return new Typist(await this.enter(email, elsewhere), task, name)
  }

  leave(tab: Connection): void {
    tab.close()
    this.#open.delete(tab)
  }

  /**
   * Everybody comes back, at once, as at the button: how long a tab would wait by itself is not what is asked here. Then
   * everything typed is saved, stands exactly once in a fresh copy, and all copies show the same.
   */
  async agree(typists: readonly Typist[], elsewhere: Elsewhere = {}): Promise<void> {
    await this.#ready()
    await Promise.all(typists.map(({ tab }) => comeBack(tab)))
    // A refused edit leaves its tab as well: it would look as if it were saved.
    expectNoneRefused(typists.map(({ tab }) => tab))
    const reader = await this.enter('coordinator@demo.dongbo', elsewhere)
    const typed = typists.flatMap(({ marks }) => marks)
    // The author is told in the same moment as everybody else: the line to the reader may be a little longer.
    await until(reader, () => typed.every((mark) => marksIn(reader).has(mark)))
    expectOnce(typed, marksIn(reader))
    for (const { tab } of typists) await until(tab, () => contentOf(tab) === contentOf(reader))
    this.leave(reader)
  }

  /** A person presses the button when it may work again; nothing tells a test when another process has found its database. */
  async #ready(): Promise<void> {
    while ((await fetch(`${this.#url}/readyz`)).status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, READY_EVERY_MS))
    }
  }

  /** Deletes all notes, because a text has an end; the typists, who have agreed, begin anew. */
  async wipe(typists: readonly Typist[]): Promise<void> {
    const janitor = await this.enter('coordinator@demo.dongbo')
    const { matrix } = janitor.view
    for (const { task } of desks()) {
      const length = taskText(matrix, task, 'noteVi')?.length ?? 0
      editTaskText(matrix, task, 'noteVi', { index: 0, remove: length, insert: '' }, janitor.origin)
    }
    await until(janitor, isSaved)
    for (const typist of typists) {
      await until(typist.tab, () => contentOf(typist.tab) === contentOf(janitor))
      typist.forget()
    }
    this.leave(janitor)
  }

  close(): void {
    for (const tab of this.#open) tab.close()
  }
}

/** Presses the button, also when the line breaks only now. */
async function comeBack(tab: Connection): Promise<void> {
  let last = tab.view.save.at
  const stop = tab.subscribe(() => {
    const breaks = last !== 'offline' && tab.view.save.at === 'offline'
    last = tab.view.save.at
    if (breaks) queueMicrotask(() => tab.retry())
  })
  if (!isSaved(tab.view)) tab.retry()
  await until(tab, isSaved)
  stop()
}

/** Lets everybody type on, a few marks whenever some were acknowledged. Returns how to stop. */
export function keepTyping(typists: readonly Typist[], random: Random): () => void {
  const stops = typists.map((typist) =>
    typist.onAcknowledged(() => {
      if (!typist.isFull) typist.type(1 + random.below(3))
    }),
  )
  for (const typist of typists) typist.type(1 + random.below(3))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Resolves once the typist has so many acknowledged marks more than now. */
export function acknowledges(typist: Typist, more = 1): Promise<void> {
  const goal = typist.acknowledged.length + more
  return new Promise((resolve) => {
    const stop = typist.onAcknowledged((count) => {
      if (count < goal) return
      stop()
      resolve()
    })
  })
}
