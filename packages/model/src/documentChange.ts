/**
 * What an update does to a document, in the document's own terms: keys set, keys erased, letters typed. The sync gate
 * derives it from Yjs structs; the model says what it means and whether the values can stand there.
 */
export type DocumentChange =
  /** A key of a map gets a value; what stood there before is replaced. */
  | { readonly kind: 'put'; readonly path: Path; readonly value: NewValue }
  /** A key of a map loses its value. */
  | { readonly kind: 'erase'; readonly path: Path }
  /** Letters come into or leave the text that stands at `path`. */
  | { readonly kind: 'type'; readonly path: Path; readonly inserted: string }

/** From the root's name inward: `['tasks', 'NV-I-1', 'titleVi']`. */
export type Path = readonly string[]

/** A value as it arrives: plain, or a new container with what the same update put into it. */
export type NewValue =
  | { readonly type: 'plain'; readonly value: unknown }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'map'; readonly entries: ReadonlyMap<string, NewValue> }
  /** A kind of content that no document of ours holds (an embed, a sub-document, rich text marks …). */
  | { readonly type: 'alien' }
