import type { BodyKind } from '@dongbo/model/body.ts'
import type { Label, Recurrence } from '@dongbo/model/matrix/fields.ts'
import type { Role } from '@dongbo/model/role.ts'
import type { TaskStatus } from '@dongbo/model/taskStatus.ts'
import plan from './samplePlan.json' with { type: 'json' }

/** A body as `samplePlan.json` has it. */
export interface SampleBody {
  readonly id: string
  readonly kind: BodyKind
  readonly name_vi: string
  readonly name_en: string
  readonly abbr: string
  readonly parentId: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly successorIds: readonly string[]
}

/** A task as `samplePlan.json` has it. */
export interface SampleTask {
  readonly id: string
  readonly code: string
  readonly groupId: string
  readonly title_vi: string
  readonly title_en: string
  readonly roles: readonly { readonly role: Role; readonly orgId: string }[]
  readonly startDate: string | null
  readonly deadline: string | null
  readonly recurrence: Recurrence | null
  readonly product: {
    readonly vi: string
    readonly en: string
    readonly quantity: number | null
    readonly unit_vi: string
  }
  readonly budget: { readonly amountMillionVND: number | null; readonly source_vi: string }
  readonly audienceIds: readonly string[]
  readonly channelIds: readonly string[]
  readonly languages: readonly string[]
  readonly status: TaskStatus
  readonly progressPct: number
  readonly completedOn: string | null
  readonly note_vi: string
  readonly label: Label
}

/** What the detectors must find in the sample: tests compare with it. */
export interface ExpectedFinding {
  readonly rule: string
  readonly atDate?: string
  readonly ids?: readonly string[]
  readonly pairs?: readonly (readonly string[])[]
}

interface SamplePlan {
  readonly meta: {
    readonly title_vi: string
    readonly title_en: string
    readonly disclaimer_vi: string
    readonly disclaimer_en: string
    readonly planYear: number
    readonly demoToday: string
  }
  readonly taskGroups: readonly { readonly id: string; readonly name_vi: string; readonly name_en: string }[]
  readonly organisations: readonly SampleBody[]
  readonly tasks: readonly SampleTask[]
  readonly expectedFindings: readonly ExpectedFinding[]
}

/**
 * The demo plan: institutions are real; tasks, figures and dates are invented. Our own data, so it is trusted here; that
 * every value is what these types say is a test's business (`samplePlan.test.ts`).
 */
export const samplePlan = plan as object as SamplePlan
