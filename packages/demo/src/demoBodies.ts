import type { Body } from '@dongbo/model/body.ts'
import { trustedId, type BodyId } from '@dongbo/model/ids.ts'
import { plainDate, type PlainDate } from '@dongbo/model/plainDate.ts'
import { samplePlan, type SampleBody } from './samplePlan.ts'

/** The bodies of the demo in protocol order, ended ones included. */
export function demoBodies(): readonly Body[] {
  return samplePlan.organisations.map(bodyOf)
}

function bodyOf(sample: SampleBody): Body {
  return {
    id: trustedId<BodyId>(sample.id),
    kind: sample.kind,
    nameVi: sample.name_vi,
    nameEn: sample.name_en,
    abbr: sample.abbr,
    parentId: sample.parentId === null ? null : trustedId<BodyId>(sample.parentId),
    validFrom: dateOf(sample.validFrom),
    validTo: dateOf(sample.validTo),
    successorIds: sample.successorIds.map((id) => trustedId<BodyId>(id)),
  }
}

function dateOf(text: string | null): PlainDate | null {
  return text === null ? null : plainDate(text)
}
