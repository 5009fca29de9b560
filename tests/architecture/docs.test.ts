import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configSchema } from '@dongbo/server/compose/config.ts'
import { ROLES } from '@dongbo/model/role.ts'
import { PLAN_STATUSES } from '@dongbo/model/plan.ts'
import { TASK_STATUSES } from '@dongbo/model/taskStatus.ts'
import { describe, expect, test } from 'vitest'
import { EXPECTED } from './rooms.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The rows of every Markdown table in `text`, each a list of cells. */
function tableRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /^\|(?!-)/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
}

/** What stands in backquotes at the start of each row. */
function firstWords(text: string): string[] {
  return tableRows(text).flatMap(([first]) => /^`([^`]+)`/.exec(first ?? '')?.[1] ?? [])
}

function section(text: string, heading: string): string {
  const from = text.indexOf(`\n## ${heading}`)
  expect(from, `there is no section "${heading}"`).toBeGreaterThan(-1)
  const to = text.indexOf('\n## ', from + 4)
  return text.slice(from, to === -1 ? undefined : to)
}

test("the rooms of ARCHITECTURE.md are the law's, with what each may import", () => {
  const written = Object.fromEntries(
    tableRows(section(read('ARCHITECTURE.md'), 'Rooms'))
      .slice(1)
      .map(([room = '', , may = '']) => [room.replaceAll('`', ''), may.split(', ').filter(Boolean).toSorted()]),
  )
  const expected = Object.fromEntries(
    Object.entries(EXPECTED).map(([room, { may }]) => [room, may.split(' ').filter(Boolean).toSorted()]),
  )
  expect(written).toEqual(expected)
})

test('ARCHITECTURE.md stays within two pages', () => {
  expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(120)
})

describe('the variables that the server reads', () => {
  const inCode = Object.entries(configSchema.in.shape).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
  }))

  test('are those of README.md', () => {
    const inReadme = firstWords(section(read('README.md'), 'Configuration'))
    expect(inReadme.toSorted()).toEqual(inCode.map(({ name }) => name).toSorted())
  })

  test('are those of infra/env.reference.md, described in the same words', () => {
    const written = tableRows(read('infra/env.reference.md')).slice(1)
    expect(written).toEqual(inCode.map(({ name, description }) => [`\`${name}\``, description]))
  })
})

test('the glossary has every role and every state', () => {
  const words = firstWords(read('docs/glossary.md'))
  const nouns = [...ROLES, ...TASK_STATUSES, ...PLAN_STATUSES]
  expect(nouns.filter((noun) => !words.includes(noun))).toEqual([])
})

describe('decisions', () => {
  const files = readdirSync(join(ROOT, 'docs', 'adr')).toSorted()

  test('are numbered without a gap and listed in the index', () => {
    expect(files.map((file) => file.slice(0, 4))).toEqual(files.map((_, index) => String(index + 1).padStart(4, '0')))
    const index = read('docs/README.md')
    expect(files.filter((file) => !index.includes(`(adr/${file})`))).toEqual([])
  })

  test.each(files)('%s says context, choice, price and what would change it', (file) => {
    const headings = [...read(`docs/adr/${file}`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Context', 'Choice', 'What we gave up', 'What would make us revisit'])
  })
})

test('every link between the documents leads somewhere', () => {
  const documents = ['.', 'docs', 'docs/adr'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
  const broken = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(ROOT, dirname(document), target)))
      .map((target) => `${document}: ${target}`),
  )
  expect(documents.length).toBeGreaterThan(10)
  expect(broken).toEqual([])
})
