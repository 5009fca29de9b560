import { median } from '../figures.ts'
import type { Line, Measured, Middle, Scenario } from './scenario.ts'
import { TARGET_TITLES, type TargetName } from './targets.ts'

export type Results = ReadonlyMap<TargetName, readonly Measured[]>

function middleOf(results: Results): Middle {
  return (target, key) => {
    const runs = results.get(target) ?? []
    const values = runs.flatMap((run) => run[key] ?? [])
    return values.length * 2 <= runs.length ? null : median(values)
  }
}

/** A scenario's table in Markdown: each server's figure, and what ours is of theirs with its goal. */
export function tableOf(scenario: Scenario, results: Results): string {
  const targets = scenario.targets.filter((target) => results.has(target))
  const head = ['', ...targets.map((target) => TARGET_TITLES[target]), 'Ours of theirs, goal']
  const middle = middleOf(results)
  const rows = scenario.lines.map((line) => {
    const figures = targets.map((target) => {
      const value = middle(target, line.key)
      return value === null ? '–' : line.show(value)
    })
    return [line.what, ...figures, judgements(line, middle).join('; ')]
  })
  const asRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [asRow(head), asRow(head.map(() => '---')), ...rows.map(asRow)].join('\n')
}

/** What ours is of theirs, each with its goal. A peer that was not measured, or delivered nothing, is left out. */
function judgements(line: Line, middle: Middle): readonly string[] {
  const ours = middle('ours', line.key)
  if (ours === null) return []
  const said: string[] = []
  for (const [target, goal] of Object.entries(line.goals ?? {}) as [Exclude<TargetName, 'ours'>, number][]) {
    const theirs = middle(target, line.key)
    if (theirs === null) continue
    const ratio = ours / theirs
    const holds = line.moreIsBetter === true ? ratio >= goal : ratio <= goal
    said.push(`${ratio.toFixed(2)} (${line.moreIsBetter === true ? '≥' : '≤'} ${goal})${holds ? '' : ' **missed**'}`)
  }
  const limit = line.limit?.of(middle) ?? null
  if (limit !== null)
    said.push(`≤ ${line.show(limit)} (${line.limit?.rule ?? ''})${ours <= limit ? '' : ' **missed**'}`)
  if (line.guard !== undefined) said.push(`${line.guard.text}${line.guard.holds(ours) ? '' : ' **missed**'}`)
  return said
}
