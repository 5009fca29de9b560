/** Largest frame a socket may send. A pasted 5,000-row table fits; the default of the `ws` package is 100 times this. */
export const FRAME_LIMIT_BYTES = 1_048_576

/** Largest frame before the room is joined: nobody has said anything useful yet. */
export const GREETING_FRAME_LIMIT_BYTES = 65_536

/** Largest presence frame: a cursor is a few dozen bytes, a client that echoes others' states sends some hundreds. */
export const PRESENCE_FRAME_LIMIT_BYTES = 16_384

/** Largest cursor, as JSON text in UTF-16 units. */
export const CURSOR_LIMIT_UNITS = 1_024

/** Structs and delete ranges in one update: more than any honest frame of `FRAME_LIMIT_BYTES` holds of ours. */
export const UPDATE_PARTS_LIMIT = 60_000

/** Distinct client ids in one update's structs: one person's tabs, not a crowd. */
export const UPDATE_CLIENTS_LIMIT = 256

/** Depth of a plain value (arrays in objects in arrays …). */
export const VALUE_DEPTH_LIMIT = 32

/**
 * Past client ids of a document: every Yjs transaction costs time in proportion to them (yjs#415), and 4,000 make it a
 * millisecond a keystroke. Ids are leased and given out again, so 4,000 are 20 for each of 200 people.
 */
export const DOCUMENT_CLIENTS_LIMIT = 4_000

/** Past client ids of one person in a document: nobody may use up what the others need. */
export const PERSON_CLIENTS_LIMIT = 200

/** Largest document, as its encoded state. */
export const DOCUMENT_LIMIT_BYTES = 10_485_760

/** Document messages that one socket may send in `RATE_WINDOW_MS`. */
export const RATE_WINDOW_MESSAGES = 600

/** Bytes that one socket may send in `RATE_WINDOW_MS`. */
export const RATE_WINDOW_BYTES = 8_388_608

/** Asks for the whole document that one socket may make in `RATE_WINDOW_MS`: an honest one makes one, and one after a gap. */
export const RATE_WINDOW_ASKS = 6

/** What all sockets of one person may send in `RATE_WINDOW_MS`: four busy tabs. */
export const PERSON_WINDOW_MESSAGES = 2_400

/** One tab that uses its budget up, and as much again for all others. */
export const PERSON_WINDOW_BYTES = 16_777_216

/** Sockets that one person may open in `RATE_WINDOW_MS`: two browsers full of tabs (64 each) when a server comes back. */
export const PERSON_WINDOW_JOINS = 128

/** An ask for each socket, and one more after a gap. */
export const PERSON_WINDOW_ASKS = 256

/**
 * New content of one document in `GROWTH_WINDOW_MS`: nine times what 500 people write who type at once (measured: 300
 * edits a second of 100 bytes). The log keeps all of it for ever.
 */
export const DOCUMENT_GROWTH_BYTES = 16_777_216
export const GROWTH_WINDOW_MS = 60_000

/** What one person may have written of it when it has grown enough: eight who do nothing else fill a document. */
export const PERSON_GROWTH_BYTES = DOCUMENT_GROWTH_BYTES / 8

/** A person types, pastes and drags in bursts: budgets are counted over this long. */
export const RATE_WINDOW_MS = 10_000

/**
 * Updates that wait for the log, of all documents: eight of the largest frames. What waits stands in live documents too, at
 * ten times its bytes.
 */
export const BACKLOG_LIMIT_BYTES = 8_388_608

/** A commit takes milliseconds. When the oldest update waits for so long, reading more only makes all wait longer. */
export const BACKLOG_LIMIT_MS = 2_000

/** A queue of unsent bytes beyond which a reader is slow: nothing more is queued until it drains. */
export const SLOW_READER_BYTES = 1_048_576

/** A queue of unsent bytes at which a socket is closed: the largest document that was asked for, and room for what followed. */
export const QUEUE_LIMIT_BYTES = 16_777_216

/** How often everybody's presence is said again: clients of y-protocols forget a silent peer after 30 s. */
export const PRESENCE_RENEWAL_MS = 12_000
