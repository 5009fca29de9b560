import { expect, test } from 'vitest'
import { loggedError } from './loggedError.ts'

test('the values of a failed query stay out of the log', () => {
  const driver = Object.assign(new Error('duplicate key value violates unique constraint "person_email_key"'), {
    code: '23505',
    detail: 'Key (email)=(bí mật@demo.dongbo) already exists.',
  })
  const query = Object.assign(new Error('Failed query: insert … params: bí mật', { cause: driver }), {
    query: 'insert into person values ($1)',
    params: ['bí mật'],
  })
  const logged = loggedError(query)
  expect(JSON.stringify(logged)).not.toContain('bí mật')
  expect(logged).toMatchObject({ code: '23505', message: `query failed: ${driver.message}` })
  expect(logged.stack).toContain('loggedError.test.ts')
})

test('other errors keep what helps to find them', () => {
  expect(loggedError(new RangeError('too deep'))).toMatchObject({ type: 'RangeError', message: 'too deep' })
  expect(loggedError('thrown text')).toEqual({ type: 'string', message: 'not an error', stack: '' })
})
