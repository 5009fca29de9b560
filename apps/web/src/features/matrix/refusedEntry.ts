import type { Path } from '@dongbo/model/documentChange.ts'
import type { TaskId } from '@dongbo/model/ids.ts'
import { fits, pathOfPlace, proposalPlace, type ProposalPlace } from '@dongbo/model/matrix/proposals/place.ts'
import { parseCellKey } from '@dongbo/model/matrix/shape.ts'
import { isDenial } from '@dongbo/policy/explain.ts'
import { text, type Language } from '#i18n/catalogue.ts'
import type { RefusedPlace } from '#session/liveDocument.ts'
import { placeName, valueName } from './editNames.ts'
import type { MatrixContextValue } from './MatrixContext.ts'
import { reason } from './words.ts'

/** A place that the server did not take, as people read it, and what may be asked of others instead. */
export interface RefusedEntry {
  readonly path: Path
  readonly place: string
  readonly mine: string
  readonly theirs: string
  readonly why: string
  /** What a proposal would say; null when nothing can be proposed here, or by me. */
  readonly asked: { readonly place: ProposalPlace; readonly value: unknown; readonly reason: string } | null
}

export function refusedEntry(
  refused: RefusedPlace,
  matrix: Pick<MatrixContextValue, 'view' | 'bodies' | 'rights'>,
  language: Language,
): RefusedEntry {
  const { path, code } = refused
  const { at, mine, reason: said } = whatWasWritten(refused, matrix)
  const isAnswer = path[2] === 'decision' && path[0] === 'proposals'
  const place = isAnswer ? null : proposalPlace(at)
  const value = place?.on === 'cell' ? (mine ?? []) : mine
  const canAsk = place !== null && fits(place, value) && matrix.rights.propose().allow
  const name = placeName(at, matrix, language)
  return {
    path,
    place: path[0] === 'proposals' ? text('proposal.actOf', { act: text('proposal.title'), place: name }) : name,
    mine: valueName(mine, matrix, language),
    theirs: valueName(at === path || isAnswer ? refused.theirs : null, matrix, language),
    why: isDenial(code)
      ? (reason({ allow: false, because: code }, language, matrix.bodies, about(at, matrix)) ?? '')
      : text('save.refusedOther', { code }),
    asked: canAsk ? { place, value, reason: said } : null,
  }
}

/** What a refused change is about: of a proposal, or an answer to one, the place that it is about. */
function whatWasWritten(
  { path, mine }: RefusedPlace,
  { view }: Pick<MatrixContextValue, 'view'>,
): { at: Path; mine: unknown; reason: string } {
  const asItIs = { at: path, mine, reason: '' }
  const [root, id, field] = path
  if (root !== 'proposals') return asItIs
  if (field === 'decision') {
    const tasks = view.sections().flatMap(({ taskIds }) => taskIds)
    const shown = tasks.flatMap((task) => view.row(task)?.proposals ?? [])
    const answered = shown.find(({ proposal }) => proposal.id === id)?.proposal
    return answered === undefined ? asItIs : { ...asItIs, at: pathOfPlace(answered.place) }
  }
  if (typeof mine !== 'object' || mine === null) return asItIs
  const stored = mine as Readonly<Record<string, unknown>>
  const at = stored['path']
  if (!Array.isArray(at) || !at.every((key): key is string => typeof key === 'string')) return asItIs
  return { at, mine: stored['value'], reason: String(stored['reason'] ?? '') }
}

/** The bodies that a denial at this place is about. */
function about(
  [root, key = '']: Path,
  { view }: Pick<MatrixContextValue, 'view'>,
): { lead?: string | null; body?: string } {
  const cell = root === 'roles' ? parseCellKey(key) : null
  const task = cell === null ? key : cell.ok ? cell.value.task : ''
  const lead = view.row(task as TaskId)?.task.lead ?? null
  return cell?.ok === true ? { lead, body: cell.value.body } : { lead }
}
