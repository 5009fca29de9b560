// The door of `npm start` and `npm test`: needs nothing but Node and npm, so it must run before anything is installed.
// It installs when the lockfile or a manifest changed, then hands over to a script of this folder on the Node that the
// lockfile brings. Once installed it asks no registry, so the second start is quick and works offline.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const bin = join(root, 'node_modules', '.bin')
/** Touched after each installation: pnpm leaves its own time as it was when it finds nothing to do. */
const stamp = join(root, 'node_modules', '.cache', 'dongbo', 'installed')

function fail(sentence) {
  console.error(`dongbo: ${sentence}`)
  process.exit(1)
}

/** Whether `version` (as in `process.versions.node`) is at least `major.minor`. */
function isAtLeast(version, major, minor) {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

function manifests() {
  const found = ['package.json', 'pnpm-workspace.yaml', join('tests', 'package.json')]
  for (const parent of ['apps', 'packages']) {
    if (!existsSync(join(root, parent))) continue
    for (const name of readdirSync(join(root, parent))) found.push(join(parent, name, 'package.json'))
  }
  return found.map((path) => join(root, path)).filter((path) => existsSync(path))
}

/** True when `node_modules` was made from the present lockfile and no manifest is younger than it. */
function isInstalled() {
  const lock = join(root, 'pnpm-lock.yaml')
  const installedLock = join(root, 'node_modules', '.pnpm', 'lock.yaml')
  const state = join(root, 'node_modules', '.pnpm-workspace-state-v1.json')
  if (!existsSync(lock) || !existsSync(installedLock) || !existsSync(state)) return false
  if (!readFileSync(lock).equals(readFileSync(installedLock))) return false
  const validatedMs = JSON.parse(readFileSync(state, 'utf8')).lastValidatedTimestamp
  const stampedMs = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
  return manifests().every((path) => statSync(path).mtimeMs <= Math.max(validatedMs, stampedMs))
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.log(`dongbo: installing with ${packageManager} …`)
  const isWindows = process.platform === 'win32'
  const done = spawnSync(isWindows ? 'npx.cmd' : 'npx', ['-y', packageManager, 'install'], {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows,
  })
  if (done.status !== 0)
    fail(
      'the installation failed; its own words are above. It needs the npm registry: check the network and try again.',
    )
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
}

function nodeToRunOn() {
  const delivered = join(bin, 'node')
  if (existsSync(delivered)) return delivered
  if (isAtLeast(process.versions.node, 22, 18)) return process.execPath
  return fail(
    `this platform (${process.platform}-${process.arch}) gets no Node from the lockfile; install Node 22.18 or newer and try again.`,
  )
}

if (!isAtLeast(process.versions.node, 20, 19))
  fail(`Node ${process.versions.node} is too old; install Node 20.19 or newer (https://nodejs.org) and try again.`)
const [script, ...rest] = process.argv.slice(2)
if (!script) fail('say which script to run: node infra/run/go.mjs start|test')
if (!isInstalled()) install()

const child = spawn(nodeToRunOn(), [join(root, 'infra', 'run', `${script}.ts`), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
})
// A terminal's Ctrl+C reaches the child by itself; a signal sent to this process alone must be handed on.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT')
})
child.on('error', (error) => fail(`could not start ${script}: ${error.message}`))
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)))
