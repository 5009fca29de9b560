import type { PlanStatus } from '@dongbo/model/plan.ts'
import { plainDate, type PlainDate } from '@dongbo/model/plainDate.ts'
import { trustedId, type PlanId } from '@dongbo/model/ids.ts'
import { samplePlan } from './samplePlan.ts'

/** The plan of the demo: issued, and open for amendment, so that deadlines and leads can be tried too. */
export const demoPlan = {
  id: trustedId<PlanId>('kh-2026'),
  titleVi: 'Kế hoạch thông tin đối ngoại thành phố Hà Nội năm 2026',
  titleEn: 'Hanoi external-information plan 2026',
  year: samplePlan.meta.planYear,
  status: 'amended',
} as const satisfies { id: PlanId; titleVi: string; titleEn: string; year: number; status: PlanStatus }

/** The civil date on which the sample's findings hold: a demo shows this day, whenever it runs. */
export const demoToday: PlainDate = plainDate(samplePlan.meta.demoToday)
