import { customType } from 'drizzle-orm/pg-core'

/**
 * `bytea` as `Uint8Array`. postgres.js hands out Node Buffers: a plain view is taken, so that Yjs and equality in tests
 * see the same class on both engines.
 */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
})
