import { NEW_TASK } from '@dongbo/model/matrix/read.ts'
import type { MatrixWrite } from '@dongbo/model/matrix/writes.ts'
import type { Proposal, ProposalDecision } from '@dongbo/model/matrix/proposals/proposal.ts'
import { type BodyId, type GroupId, type PersonId, type ProposalId, type TaskId, trustedId } from '@dongbo/model/ids.ts'
import type { PlanStatus } from '@dongbo/model/plan.ts'
import { decideMatrix } from '@dongbo/policy/decideMatrix.ts'
import { matrixFacts } from '@dongbo/policy/matrixFacts.ts'
import type { Principal } from '@dongbo/policy/principal.ts'
import { FILM, SECTION, smallMatrix } from '@dongbo/testkit/matrices.ts'
import { coordinator, CULTURE, ENDED, OFFICE, person, planFacts, TODAY, TOURISM } from '@dongbo/testkit/people.ts'

/** A live body of the plan that has no part in the task. */
const SCIENCE = trustedId<BodyId>('skhcn')

/** The people of docs/permissions.md, by the heads of its columns. The task is FILM, in progress. */
export const PEOPLE: { readonly [head: string]: Principal } = {
  Coordinator: coordinator(),
  'Lead body': person({ bodyId: TOURISM }),
  'Monitoring body': person({ bodyId: OFFICE }),
  'Another body': person({ bodyId: SCIENCE }),
  Observer: person({ bodyId: SCIENCE, planRole: 'observer' }),
  'Ended body': person({ bodyId: ENDED, bodyValid: false }),
}

const set = (field: 'code' | 'lead' | 'deadline' | 'progressPct', before: unknown, after: unknown): MatrixWrite => ({
  on: 'task',
  act: 'set',
  task: FILM,
  field,
  before,
  after,
})
const newTask: MatrixWrite = {
  on: 'task',
  act: 'create',
  task: trustedId<TaskId>('NV-I-9'),
  values: { ...NEW_TASK, groupId: SECTION, order: 'a9' },
}
const cell = (body: BodyId, role: 'supply' | 'approve'): MatrixWrite => ({
  on: 'cell',
  task: FILM,
  body,
  before: [],
  after: [role],
})

/** A proposal of another deadline for FILM, by this person. */
const proposal = ({ personId, bodyId }: Pick<Principal, 'personId' | 'bodyId'>): Proposal => ({
  id: trustedId<ProposalId>('01P'),
  place: { on: 'value', task: FILM, field: 'deadline' },
  value: '2026-12-20',
  was: '2026-12-15',
  reason: '',
  author: personId,
  authorBody: bodyId,
  on: TODAY,
  decision: null,
})
/** One of a body that is none of the page's people. */
const others = proposal({ personId: trustedId<PersonId>('finance-officer'), bodyId: trustedId<BodyId>('stc') })
const decide = (state: ProposalDecision['state'], { personId, bodyId }: Principal): MatrixWrite => ({
  on: 'proposal',
  act: 'decide',
  proposal: others,
  decision: { state, by: personId, body: bodyId, on: TODAY, word: 'vì' },
  carriedOut: true,
})

/** The acts of docs/permissions.md, by the heads of its rows. What one does to a cell depends on whose it is. */
export const ACTS: { readonly [head: string]: (principal: Principal) => MatrixWrite } = {
  'add a group': () => ({ on: 'group', act: 'create', group: trustedId<GroupId>('IX') }),
  'add a task, as a draft': () => newTask,
  'remove a task that has begun': () => ({ on: 'task', act: 'remove', task: FILM }),
  structure: () => set('code', 'I.1', 'I.2'),
  assignment: () => set('lead', TOURISM, CULTURE),
  target: () => set('deadline', '2026-12-15', '2026-12-20'),
  content: () => ({ on: 'task', act: 'type', task: FILM, field: 'titleVi' }),
  progress: () => set('progressPct', 40, 50),
  'take part, in one’s own cell': ({ bodyId }) => cell(bodyId, 'supply'),
  'take a role that is given, in one’s own cell': ({ bodyId }) => cell(bodyId, 'approve'),
  'another body’s cell': ({ bodyId }) => cell(bodyId === CULTURE ? TOURISM : CULTURE, 'supply'),
  'propose a change of a target': (principal) => ({
    on: 'proposal',
    act: 'make',
    proposal: proposal(principal),
    stands: '2026-12-15',
  }),
  'accept a proposal about a target': (principal) => decide('accepted', principal),
  'decline a proposal about a target': (principal) => decide('declined', principal),
  'withdraw another body’s proposal': (principal) => decide('withdrawn', principal),
}

/** `yes`, or the code of the denial. */
export function verdict(act: string, head: string, planStatus: PlanStatus): string {
  const principal = PEOPLE[head]
  const write = ACTS[act]
  if (!principal || !write) throw new Error(`nobody knows "${principal ? act : head}"`)
  const plan = planFacts({ planStatus, liveBodies: new Set([CULTURE, TOURISM, OFFICE, SCIENCE]) })
  const decision = decideMatrix(principal, write(principal), matrixFacts(smallMatrix(), plan))
  return decision.allow ? 'yes' : decision.because
}
