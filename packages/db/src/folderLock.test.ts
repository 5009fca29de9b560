// Real processes: a lock that only one process asks for proves nothing.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUse, lockFolder } from './folderLock.ts'
import { thisProcess } from './processIdentity.ts'

const LOCK_MODULE = new URL('./folderLock.ts', import.meta.url).href
/** Says `held` and stays, or names the holder and goes. */
const HOLDER = `
  const { lockFolder } = await import(${JSON.stringify(LOCK_MODULE)})
  try {
    lockFolder(process.argv[1])
    console.log('held')
    setInterval(() => {}, 1000)
  } catch (error) {
    console.log(error.name + ' ' + error.holder?.pid)
    process.exit(3)
  }`

let folder: string
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dongbo-lock-'))
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  children = []
  rmSync(folder, { recursive: true, force: true })
})

async function contend(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: chunk.toString().trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a second process is told who holds the folder', async () => {
  const first = await contend()
  expect(first.said).toBe('held')
  const second = await contend()
  expect(second.said).toBe(`FolderInUse ${first.child.pid}`)
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
  expect(readdirSync(folder)).toEqual(['lock.1'])
})

test('the folder of a killed process is taken over', async () => {
  const first = await contend()
  await kill(first.child)
  expect((await contend()).said).toBe('held')
})

test('of many that start at once on a killed process’s folder, one gets it', async () => {
  const first = await contend()
  await kill(first.child)
  const said = (await Promise.all(Array.from({ length: 6 }, contend))).map((one) => one.said)
  expect(said.filter((word) => word === 'held')).toHaveLength(1)
  expect(said.filter((word) => word.startsWith('FolderInUse'))).toHaveLength(5)
})

test('a process that was given the dead holder’s number is not taken for it', async () => {
  const first = await contend()
  await kill(first.child)
  const bystander = await contendElsewhere()
  const [lock = ''] = readdirSync(folder)
  const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8'))
  // As it is after the numbers have come round: the pid lives again, and belongs to somebody else.
  writeFileSync(join(folder, lock), JSON.stringify({ ...holder, pid: bystander.pid }))
  lockFolder(folder)
  expect(readdirSync(folder)).toEqual(['lock.2'])
})

const EARLIER_START = '00000000-0000-0000-0000-000000000000'
const OUR_MACHINE = { ...thisProcess(), machineId: 'f00d' }

test('a holder from before the machine’s last start is dead, whoever has its number now', () => {
  const { pid, machineId } = OUR_MACHINE
  writeFileSync(join(folder, 'lock.7'), JSON.stringify({ pid, machineId, bootId: EARLIER_START, startTicks: '1' }))
  lockFolder(folder, OUR_MACHINE)
  expect(readdirSync(folder)).toEqual(['lock.8'])
})

test.each([
  ['another machine', 'beef'],
  ['a machine that does not tell which', null],
])('a holder on %s, on a folder shared by both, lives as long as it shows it', (_where, machineId) => {
  const { pid, pidNamespace, startTicks } = OUR_MACHINE
  const lock = join(folder, 'lock.1')
  writeFileSync(lock, JSON.stringify({ pid, machineId, bootId: EARLIER_START, pidNamespace, startTicks }))
  expect(() => lockFolder(folder, OUR_MACHINE)).toThrow(FolderInUse)
  expect(() => lockFolder(folder, { ...OUR_MACHINE, machineId: null })).toThrow(FolderInUse)
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(lock, longAgo, longAgo)
  lockFolder(folder, OUR_MACHINE)
  expect(readdirSync(folder)).toEqual(['lock.2'])
})

test('a holder in another container lives as long as it shows it', () => {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const lock = join(folder, 'lock.1')
  // To us, process 1 of the other container looks like our own process 1.
  writeFileSync(lock, JSON.stringify({ pid: 1, bootId, pidNamespace: 'pid:[1]', startTicks: '1' }))
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(lock, longAgo, longAgo)
  const taken = lockFolder(folder)
  expect(readdirSync(folder)).toEqual(['lock.2'])
  utimesSync(join(folder, 'lock.2'), longAgo, longAgo)
  taken.beat()
  expect(Date.now() - statSync(join(folder, 'lock.2')).mtimeMs).toBeLessThan(30_000)
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
})

test('a holder whose start is not known is not robbed while its number lives', () => {
  writeFileSync(join(folder, 'lock.1'), JSON.stringify({ pid: process.pid, bootId: null, startTicks: null }))
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
})

test('what was given back is free, in this process too', async () => {
  lockFolder(folder).release()
  const again = lockFolder(folder)
  expect((await contend()).said).toBe(`FolderInUse ${process.pid}`)
  again.release()
  expect((await contend()).said).toBe('held')
})

async function contendElsewhere(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}
