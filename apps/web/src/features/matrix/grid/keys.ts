import { unreachable } from '@dongbo/kernel/assert.ts'
import type { Role } from '@dongbo/model/role.ts'

/** What a key asks of the matrix. */
export type Command =
  | { readonly do: 'move'; readonly columns: number; readonly lines: number }
  /** To the edge of the filled block in this direction. */
  | { readonly do: 'edge'; readonly columns: -1 | 0 | 1; readonly lines: -1 | 0 | 1 }
  | { readonly do: 'row-end'; readonly at: 'first' | 'last' }
  | { readonly do: 'sheet-end'; readonly at: 'first' | 'last' }
  | { readonly do: 'page'; readonly columns: -1 | 0 | 1; readonly lines: -1 | 0 | 1 }
  | { readonly do: 'role'; readonly role: Role; readonly keepOthers: boolean }
  | { readonly do: 'clear' | 'open' | 'drawer' | 'undo' | 'redo' }

export interface Key {
  /** Where the key is, not what it writes: Vietnamese input methods swallow letters and digits. */
  readonly code: string
  readonly key: string
  readonly ctrl: boolean
  readonly shift: boolean
  readonly alt: boolean
  /** An input method is composing a letter. */
  readonly composing: boolean
}

/** The letter or digit that sets each role, as printed in the picker. */
export const ROLE_KEYS: Readonly<Record<Role, { readonly digit: string; readonly letter: string | null }>> = {
  lead: { digit: '1', letter: 'C' },
  coordinate: { digit: '2', letter: 'P' },
  approve: { digit: '3', letter: 'D' },
  inform: { digit: '4', letter: 'B' },
  appraise: { digit: '5', letter: null },
  direct: { digit: '6', letter: null },
  advise: { digit: '7', letter: null },
  supply: { digit: '8', letter: null },
  monitor: { digit: '9', letter: null },
  report: { digit: '0', letter: null },
}

const ARROWS: Readonly<Record<string, readonly [columns: -1 | 0 | 1, lines: -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Reads a key; null for keys that are not the matrix's. */
export function commandOf(key: Key): Command | null {
  if (key.composing || key.key === 'Process' || key.code === '') return null
  const arrow = ARROWS[key.code]
  if (arrow !== undefined) {
    if (key.shift || key.alt) return null
    const [columns, lines] = arrow
    return key.ctrl ? { do: 'edge', columns, lines } : { do: 'move', columns, lines }
  }
  if (key.ctrl) return withCtrl(key)
  if (key.alt) return key.code === 'PageUp' || key.code === 'PageDown' ? page(key.code, true) : null
  switch (key.code) {
    case 'Home':
      return { do: 'row-end', at: 'first' }
    case 'End':
      return { do: 'row-end', at: 'last' }
    case 'PageUp':
    case 'PageDown':
      return page(key.code, false)
    case 'Enter':
    case 'NumpadEnter':
      return key.shift ? { do: 'move', columns: 0, lines: -1 } : { do: 'open' }
    case 'F2':
      return key.shift ? null : { do: 'open' }
    case 'Delete':
    case 'Backspace':
      return { do: 'clear' }
    case 'Space':
      return key.shift ? null : { do: 'drawer' }
    default:
      return roleOf(key)
  }
}

/** The role whose letter or digit this is, or null. */
export function roleOf(key: Pick<Key, 'code' | 'shift'>): (Command & { do: 'role' }) | null {
  const printed = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(key.code)?.[1]
  if (printed === undefined) return null
  for (const [role, { digit, letter }] of Object.entries(ROLE_KEYS)) {
    if (printed === digit || printed === letter) return { do: 'role', role: role as Role, keepOthers: key.shift }
  }
  return null
}

function withCtrl(key: Key): Command | null {
  switch (key.code) {
    case 'Home':
      return { do: 'sheet-end', at: 'first' }
    case 'End':
      return { do: 'sheet-end', at: 'last' }
    case 'KeyZ':
      return { do: key.shift ? 'redo' : 'undo' }
    case 'KeyY':
      return { do: 'redo' }
    default:
      return null
  }
}

function page(code: 'PageUp' | 'PageDown', sideways: boolean): Command {
  const way = code === 'PageUp' ? -1 : 1
  return sideways ? { do: 'page', columns: way, lines: 0 } : { do: 'page', columns: 0, lines: way }
}

/** Where on the sheet: indexes of a line and of a column (frozen ones first). */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Extent {
  readonly lines: number
  readonly columns: number
  /** How many lines and columns one screen shows. */
  readonly pageLines: number
  readonly pageColumns: number
  filled(position: Position): boolean
}

type Walk = Extract<Command, { do: 'move' | 'edge' | 'row-end' | 'sheet-end' | 'page' }>

/** Where a walking command leads; stays inside the sheet. */
export function walk(from: Position, command: Walk, extent: Extent): Position {
  const inside = (position: Position): Position => ({
    line: Math.max(0, Math.min(extent.lines - 1, position.line)),
    column: Math.max(0, Math.min(extent.columns - 1, position.column)),
  })
  switch (command.do) {
    case 'move':
      return inside({ line: from.line + command.lines, column: from.column + command.columns })
    case 'row-end':
      return inside({ line: from.line, column: command.at === 'first' ? 0 : extent.columns - 1 })
    case 'sheet-end':
      return inside(
        command.at === 'first' ? { line: 0, column: 0 } : { line: extent.lines - 1, column: extent.columns - 1 },
      )
    case 'page':
      return inside({
        line: from.line + command.lines * Math.max(1, extent.pageLines - 1),
        column: from.column + command.columns * Math.max(1, extent.pageColumns - 1),
      })
    case 'edge':
      return edge(from, command, extent, inside)
    default:
      return unreachable(command)
  }
}

/** As a spreadsheet does: along a filled block to its end; from its end, or from an empty cell, to the next filled one. */
function edge(
  from: Position,
  command: { readonly columns: number; readonly lines: number },
  extent: Extent,
  inside: (position: Position) => Position,
): Position {
  const step = (position: Position): Position =>
    inside({ line: position.line + command.lines, column: position.column + command.columns })
  const same = (a: Position, b: Position): boolean => a.line === b.line && a.column === b.column
  let at = step(from)
  if (same(at, from)) return from
  const along = extent.filled(from) && extent.filled(at)
  for (let next = step(at); !same(next, at); next = step(at)) {
    if (along && !extent.filled(next)) return at
    if (!along && extent.filled(at)) return at
    at = next
  }
  return at
}
