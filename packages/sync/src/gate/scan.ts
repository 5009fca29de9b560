import { UPDATE_CLIENTS_LIMIT, UPDATE_PARTS_LIMIT, VALUE_DEPTH_LIMIT } from '@dongbo/protocol/limits.ts'
import type { RefusalCode } from './refusal.ts'

/**
 * Walks the bytes of a Yjs update (encoding v1) without decoding anything into memory and refuses what no honest encoder
 * writes: numbers longer than needed, empty structs, skips, unknown contents, unsorted or overlapping delete ranges,
 * bytes left over. Yjs itself accepts several of these silently and is broken by them for ever: a zero-length struct
 * bricks a document, descending ranges cost quadratic time, a huge count allocates before the first struct is read.
 *
 * Source of the format: yjs 13 `src/utils/encoding.js`, `src/structs/*.js`.
 * @returns null when the bytes may be decoded.
 */
export function scanUpdate(update: Uint8Array): Extract<RefusalCode, 'malformed' | 'too-many-parts'> | null {
  const scan = new Scan(update)
  try {
    scan.structs()
    scan.deleteSet()
    return scan.position === update.length ? null : 'malformed'
  } catch (error) {
    if (error instanceof ScanError) return error.code
    throw error
  }
}

class ScanError extends Error {
  readonly code: 'malformed' | 'too-many-parts'
  constructor(code: 'malformed' | 'too-many-parts') {
    super(code)
    this.code = code
  }
}

const REF_GC = 0
const REF_DELETED = 1
const REF_JSON = 2
const REF_BINARY = 3
const REF_STRING = 4
const REF_EMBED = 5
const REF_FORMAT = 6
const REF_TYPE = 7
const REF_ANY = 8
const HAS_ORIGIN = 0x80
const HAS_RIGHT_ORIGIN = 0x40
const HAS_PARENT_SUB = 0x20
const REF_BITS = 0x1f
const TYPE_XML_ELEMENT = 3
const TYPE_XML_HOOK = 5
const TYPE_LAST = 6

class Scan {
  position = 0
  #parts = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  structs(): void {
    const clients = this.#number()
    if (clients > UPDATE_CLIENTS_LIMIT) throw new ScanError('too-many-parts')
    const seen = new Set<number>()
    for (let i = 0; i < clients; i++) {
      const structs = this.#atLeastOne()
      const client = this.#number()
      if (seen.has(client)) throw new ScanError('malformed')
      seen.add(client)
      let clock = this.#number()
      for (let j = 0; j < structs; j++) {
        this.#part()
        clock += this.#struct()
        if (clock > Number.MAX_SAFE_INTEGER) throw new ScanError('malformed')
      }
    }
  }

  deleteSet(): void {
    const clients = this.#number()
    const seen = new Set<number>()
    for (let i = 0; i < clients; i++) {
      this.#part()
      const client = this.#number()
      if (seen.has(client)) throw new ScanError('malformed')
      seen.add(client)
      let end = -1
      for (let ranges = this.#atLeastOne(); ranges > 0; ranges--) {
        this.#part()
        const clock = this.#number()
        // Ranges that touch would have been one range.
        if (clock <= end) throw new ScanError('malformed')
        end = clock + this.#atLeastOne()
      }
    }
  }

  /** @returns how many clock ticks the struct takes. */
  #struct(): number {
    const info = this.#byte()
    const ref = info & REF_BITS
    if (ref === REF_GC) {
      if (info !== REF_GC) throw new ScanError('malformed')
      return this.#atLeastOne()
    }
    if ((info & HAS_ORIGIN) !== 0) this.#id()
    if ((info & HAS_RIGHT_ORIGIN) !== 0) this.#id()
    if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) {
      const named = this.#number()
      if (named > 1) throw new ScanError('malformed')
      if (named === 1) this.#blob()
      else this.#id()
      if ((info & HAS_PARENT_SUB) !== 0) this.#blob()
    }
    return this.#content(ref)
  }

  #content(ref: number): number {
    switch (ref) {
      case REF_DELETED:
        return this.#atLeastOne()
      case REF_JSON: {
        const length = this.#atLeastOne()
        for (let i = 0; i < length; i++) this.#blob()
        return length
      }
      case REF_BINARY:
      case REF_EMBED:
        this.#blob()
        return 1
      case REF_STRING:
        return this.#letters()
      case REF_FORMAT:
        this.#blob()
        this.#blob()
        return 1
      case REF_TYPE: {
        const type = this.#number()
        if (type > TYPE_LAST) throw new ScanError('malformed')
        if (type === TYPE_XML_ELEMENT || type === TYPE_XML_HOOK) this.#blob()
        return 1
      }
      case REF_ANY: {
        const length = this.#atLeastOne()
        for (let i = 0; i < length; i++) this.#any(0)
        return length
      }
      default:
        // Sub-documents and skips among them: no document of ours holds the former, no honest update the latter.
        throw new ScanError('malformed')
    }
  }

  /** lib0 `encoding.writeAny`. */
  #any(depth: number): void {
    if (depth > VALUE_DEPTH_LIMIT) throw new ScanError('malformed')
    switch (this.#byte()) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return
      case 125: // integer, signed
        while ((this.#byte() & 0x80) !== 0);
        return
      case 124: // float32
        return this.#skip(4)
      case 123: // float64
      case 122: // bigint
        return this.#skip(8)
      case 119: // string
      case 116: // bytes
        return this.#blob()
      case 118: // object
        for (let i = this.#number(); i > 0; i--) {
          this.#part()
          this.#blob()
          this.#any(depth + 1)
        }
        return
      case 117: // array
        for (let i = this.#number(); i > 0; i--) {
          this.#part()
          this.#any(depth + 1)
        }
        return
      default:
        throw new ScanError('malformed')
    }
  }

  #id(): void {
    this.#number()
    this.#number()
  }

  /** Length-prefixed bytes or UTF-8. */
  #blob(): void {
    this.#skip(this.#number())
  }

  /** A non-empty string: its length in UTF-16 units is what Yjs counts as clock ticks. */
  #letters(): number {
    const bytes = this.#atLeastOne()
    const end = this.position + bytes
    if (end > this.#bytes.length) throw new ScanError('malformed')
    let units = 0
    for (; this.position < end; this.position++) {
      const byte = this.#bytes[this.position] ?? 0
      // Continuation bytes add nothing; a four-byte sequence is a surrogate pair.
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
    }
    return units
  }

  #atLeastOne(): number {
    const value = this.#number()
    if (value === 0) throw new ScanError('malformed')
    return value
  }

  /** A variable-length unsigned integer in its shortest form, at most 2⁵³ − 1. */
  #number(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new ScanError('malformed')
      if ((byte & 0x80) === 0) {
        if (byte === 0 && scale > 1) throw new ScanError('malformed')
        return value
      }
      scale *= 128
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.position++]
    if (byte === undefined) throw new ScanError('malformed')
    return byte
  }

  #skip(bytes: number): void {
    this.position += bytes
    if (this.position > this.#bytes.length) throw new ScanError('malformed')
  }

  #part(): void {
    if (++this.#parts > UPDATE_PARTS_LIMIT) throw new ScanError('too-many-parts')
  }
}
