import * as Y from 'yjs'
import { err, ok, type Result } from '@dongbo/kernel/result.ts'
import type { DeleteRanges } from './deleted.ts'
import { contradicts, knownClients } from './known.ts'

/** What an update brings that the document does not have. */
export interface News {
  readonly update: Uint8Array
  readonly structs: readonly (Y.Item | Y.GC | Y.Skip)[]
  readonly deletes: DeleteRanges
}

/**
 * Decodes what is new in an update. What the document has already must be the same there; it is cut off here and not left
 * to Yjs, which follows the neighbours of known structs too: they could make it wait for what never comes, or cut a letter
 * of somebody's in two without telling anybody.
 *
 * @param doubtedId see `contradicts`
 */
export function decodeNews(
  doc: Y.Doc,
  update: Uint8Array,
  doubtedId: number | null,
): Result<News, 'malformed' | 'client-id-taken'> {
  try {
    const decoded = decode(update)
    const known = knownClients(doc, decoded.structs)
    if (known === null) return ok(decoded)
    if (contradicts(doc, decoded.structs, decoded.deletes, doubtedId)) return err('client-id-taken')
    return ok(decode(Y.diffUpdate(update, Y.encodeStateVector(known))))
  } catch {
    // The scan checks form, not sense: invalid UTF-8 or JSON inside a content still makes Yjs throw.
    return err('malformed')
  }
}

function decode(update: Uint8Array): News {
  const { structs, ds } = Y.decodeUpdate(update)
  return { update, structs, deletes: ds.clients }
}
