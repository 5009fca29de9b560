import { median } from '../figures.ts'
import type { Line, Measured, Scenario } from './scenario.ts'
import { TARGET_TITLES, type TargetName } from './targets.ts'

export type Results = ReadonlyMap<TargetName, readonly Measured[]>

/** The middle of what the runs measured; null when most of them have nothing. */
function middle(runs: readonly Measured[] | undefined, key: string): number | null {
  const values = (runs ?? []).flatMap((run) => {
    const value = run[key]
    return value === null || value === undefined ? [] : [value]
  })
  return values.length * 2 <= (runs?.length ?? 0) ? null : median(values)
}

/** A scenario's table in Markdown: each server's figure, and what ours is of theirs with its goal. */
export function tableOf(scenario: Scenario, results: Results): string {
  const targets = scenario.targets.filter((target) => results.has(target))
  const head = ['', ...targets.map((target) => TARGET_TITLES[target]), 'Ours of theirs, goal']
  const rows = scenario.lines.map((line) => {
    const figures = targets.map((target) => {
      const value = middle(results.get(target), line.key)
      return value === null ? '–' : line.show(value)
    })
    return [line.what, ...figures, judgements(line, results).join('; ')]
  })
  const asRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [asRow(head), asRow(head.map(() => '---')), ...rows.map(asRow)].join('\n')
}

function judgements(line: Line, results: Results): readonly string[] {
  const ours = middle(results.get('ours'), line.key)
  if (ours === null) return []
  const said: string[] = []
  for (const [target, goal] of Object.entries(line.goals ?? {}) as [Exclude<TargetName, 'ours'>, number][]) {
    const theirs = middle(results.get(target), line.key)
    if (theirs === null) {
      if (results.has(target)) said.push(`${TARGET_TITLES[target]} has nothing to compare`)
      continue
    }
    const ratio = ours / theirs
    const holds = line.moreIsBetter === true ? ratio >= goal : ratio <= goal
    said.push(`${ratio.toFixed(2)} (${line.moreIsBetter === true ? '≥' : '≤'} ${goal})${holds ? '' : ' **missed**'}`)
  }
  if (line.guard !== undefined) said.push(`${line.guard.text}${line.guard.holds(ours) ? '' : ' **missed**'}`)
  return said
}
