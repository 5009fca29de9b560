import { trustedId, type BodyId, type PersonId } from '@dongbo/model/ids.ts'
import type { Body } from '@dongbo/model/body.ts'
import type { PlanRole } from '@dongbo/model/plan.ts'
import { demoBodies } from './demoBodies.ts'

export interface DemoAccount {
  readonly id: PersonId
  readonly bodyId: BodyId
  readonly email: string
  /** By function: no person is invented. */
  readonly displayName: string
  readonly kind: 'officer' | 'approver'
  readonly systemAdmin: boolean
  /** In the demo plan, where it differs from the body's part. */
  readonly planRole: Exclude<PlanRole, 'member'> | null
}

/** Of every demo account. It is printed at the start and stands in the README: a demo holds nothing worth guarding. */
export const DEMO_PASSWORD = 'Dongbo-2026!'

const COORDINATING_BODY = trustedId<BodyId>('svhtt')
const ADMINISTERING_BODY = trustedId<BodyId>('vp-ubnd')

/** How people write these bodies where there is no room for the whole name. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  svhtt: 'Sở VH&TT',
  skhcn: 'Sở KH&CN',
  sgddt: 'Sở GD&ĐT',
  snnmt: 'Sở NN&MT',
  stttt: 'Sở TT&TT',
}
/** Longer names give way to the abbreviation. */
const SHORT_NAME_LENGTH = 22

/** One officer and one approver for each body, a coordinator and an administrator. */
export function demoAccounts(): readonly DemoAccount[] {
  const bodies = demoBodies()
  return [...bodies.flatMap(accountsOf), coordinator(bodies), administrator(bodies)]
}

function accountsOf(body: Body): DemoAccount[] {
  const account = (kind: 'officer' | 'approver', office: string): DemoAccount => ({
    id: trustedId<PersonId>(`${body.id}-${kind}`),
    bodyId: body.id,
    email: `${body.id}.${kind}@demo.dongbo`,
    displayName: `${office} ${shortName(body)}`,
    kind,
    systemAdmin: false,
    planRole: null,
  })
  return [account('officer', 'Chuyên viên'), account('approver', 'Lãnh đạo')]
}

function coordinator(bodies: readonly Body[]): DemoAccount {
  return {
    id: trustedId<PersonId>('coordinator'),
    bodyId: COORDINATING_BODY,
    email: 'coordinator@demo.dongbo',
    displayName: `Điều phối viên ${shortNameOf(bodies, COORDINATING_BODY)}`,
    kind: 'officer',
    systemAdmin: false,
    planRole: 'coordinator',
  }
}

function administrator(bodies: readonly Body[]): DemoAccount {
  return {
    id: trustedId<PersonId>('admin'),
    bodyId: ADMINISTERING_BODY,
    email: 'admin@demo.dongbo',
    displayName: `Quản trị hệ thống ${shortNameOf(bodies, ADMINISTERING_BODY)}`,
    kind: 'officer',
    systemAdmin: true,
    planRole: 'observer',
  }
}

function shortNameOf(bodies: readonly Body[], id: BodyId): string {
  const body = bodies.find((one) => one.id === id)
  if (body === undefined) throw new Error(`the demo has no body ${id}`)
  return shortName(body)
}

function shortName(body: Body): string {
  return SHORT_NAMES[body.id] ?? (body.nameVi.length <= SHORT_NAME_LENGTH ? body.nameVi : body.abbr)
}
