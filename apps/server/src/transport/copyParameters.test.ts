import { describe, expect, test } from 'vitest'
import { readCopy } from './copyParameters.ts'

describe('what an address says of the copy that comes back', () => {
  test.each([
    ['nothing', {}, { generation: null, clientId: null }],
    ['both', { generation: '01JD', client: '4294967295' }, { generation: '01JD', clientId: 4_294_967_295 }],
    ['something that is not ours', { token: 'x' }, { generation: null, clientId: null }],
  ])('%s', (_what, query, copy) => {
    expect(readCopy(query)).toEqual(copy)
  })

  test.each([
    ['a client id of more than 32 bits', { client: '4294967296' }],
    ['nobody’s client id', { client: '0' }],
    ['a client id that is no number', { client: '1e3' }],
    ['a number with a sign', { client: '-1' }],
    ['a parameter twice', { client: ['1', '2'] }],
    ['an empty generation', { generation: '' }],
    ['a generation of a kilobyte', { generation: 'x'.repeat(1_024) }],
  ])('%s: no client of ours says that', (_what, query) => {
    expect(readCopy(query)).toBeNull()
  })
})
