import type { Path } from '@dongbo/model/documentChange.ts'
import { pathKey } from '@dongbo/model/containerPath.ts'
import type { MatrixDocument } from '@dongbo/model/matrix/shape.ts'
import { valueAt } from '@dongbo/model/matrix/valueAt.ts'
import type { OwnEdit } from './ownEdits.ts'
import { isSame, offerAll, settle, type EditsOfCopy, type MayChange, type NotTaken, type SetAside } from './reapply.ts'

/** A place where the server did not take what this person wrote, beside what stands there for everybody. */
export interface RefusedPlace extends NotTaken {
  /** What everybody sees there now, as people read it. */
  readonly theirs: unknown
}

/** What a settlement does: to be written to the device before any of it is sent. */
export interface Settled {
  readonly aside: readonly OwnEdit[]
  readonly again: EditsOfCopy
  readonly notTaken: readonly NotTaken[]
}

/** The edits that the server did not take: those that still wait for a fresh copy, and those that wait for the person. */
export class RefusedEdits {
  /** Null: not known yet, nothing is settled until it is. */
  may: MayChange | null
  #asides: readonly SetAside[] = []
  #notTaken: readonly NotTaken[] = []
  /** On its way to the device. */
  #settling: Settled | null = null
  #lastCode = ''

  constructor(may: MayChange | null) {
    this.may = may
  }

  get isSettled(): boolean {
    return this.#asides.length === 0
  }

  /** Edits whose fate is not known yet. */
  get asideCount(): number {
    return this.#asides.reduce((sum, { edits }) => sum + edits.length, 0)
  }

  get isEmpty(): boolean {
    return this.isSettled && this.#notTaken.length === 0
  }

  add(notTaken: readonly NotTaken[]): void {
    this.#notTaken = [...this.#notTaken, ...notTaken]
  }

  setAside(aside: SetAside): void {
    this.#asides = [...this.#asides, aside]
    this.#lastCode = aside.code
  }

  /** Takes an edit that was made in a copy after it had been set aside. */
  addLate(matrix: MatrixDocument, edit: OwnEdit): void {
    const aside = this.#settling !== null ? undefined : this.#asides.find((one) => one.matrix === matrix)
    if (aside === undefined) this.setAside({ matrix, edits: [edit], code: this.#lastCode, blocked: [] })
    else this.#asides = this.#asides.map((one) => (one === aside ? { ...one, edits: [...one.edits, edit] } : one))
  }

  /** Null when it cannot be said yet, or is being said. `finish` ends it. */
  settle(fresh: MatrixDocument, clientId: number): Settled | null {
    if (this.may === null || this.#settling !== null) return null
    const asides = this.#asides
    const settled = { aside: asides.flatMap(({ edits }) => edits), ...settle(fresh, asides, this.may, clientId) }
    this.#settling = settled
    return settled
  }

  /** Returns whether there is something to write again: not when its history was over before it was on the device. */
  finish(settled: Settled): boolean {
    if (this.#settling !== settled) return false
    this.#settling = null
    this.#settled(settled)
    return true
  }

  /**
   * The history of these copies is over: everything in them that was not confirmed is the person's to look at, also what
   * was about to be written again.
   */
  offerAll(copies: readonly EditsOfCopy[], code: string): Omit<Settled, 'again'> {
    const half = this.#settling
    this.#settling = null
    if (half !== null) this.#settled(half)
    const unsent = half === null ? copies : [half.again, ...copies]
    const asides = [...this.#asides, ...unsent.map((copy) => ({ ...copy, code, blocked: [] }))]
    const notTaken = asides.flatMap((aside) => offerAll(aside.matrix, aside.edits, aside.code))
    this.#asides = []
    this.#lastCode = code
    this.add(notTaken)
    return { aside: asides.flatMap((aside) => aside.edits), notTaken }
  }

  /** Copies whose edits hang on what this history does not have: there is no place where they could be written again. */
  offer(copies: readonly EditsOfCopy[], code: string): Omit<Settled, 'again'> {
    const notTaken = copies.flatMap(({ matrix, edits }) => offerAll(matrix, edits, code))
    this.add(notTaken)
    return { aside: copies.flatMap(({ edits }) => edits), notTaken }
  }

  #settled({ aside, notTaken }: Settled): void {
    const done = new Set(aside)
    // What was refused meanwhile is settled the next time.
    this.#asides = this.#asides.filter(({ edits }) => !edits.some((edit) => done.has(edit)))
    this.add(notTaken)
  }

  /** Lets go what waits at these places, or everywhere. Returns what was let go. */
  dismiss(paths?: readonly Path[]): readonly NotTaken[] {
    const gone = paths === undefined ? null : new Set(paths.map(pathKey))
    const isGone = ({ path }: NotTaken): boolean => gone === null || gone.has(pathKey(path))
    const dismissed = this.#notTaken.filter(isGone)
    this.#notTaken = this.#notTaken.filter((one) => !isGone(one))
    return dismissed
  }

  /** Compared anew each time: when others write the same, there is nothing left to say. */
  at(matrix: MatrixDocument): readonly RefusedPlace[] {
    return this.#notTaken
      .map((one) => ({ ...one, theirs: valueAt(matrix, one.path) }))
      .filter(({ mine, theirs }) => !isSame(mine, theirs))
  }
}
