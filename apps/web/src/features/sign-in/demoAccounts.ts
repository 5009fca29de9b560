/** The accounts that an empty demo database is seeded with; shown only when the server says that it is a demo. */
const PASSWORD = 'Dongbo-2026!'

export interface DemoAccount {
  readonly does: 'officer' | 'approver' | 'coordinator'
  readonly email: string
  readonly password: string
}

export function demoAccountsOf(bodyId: string): readonly DemoAccount[] {
  return (['officer', 'approver'] as const).map((does) => ({
    does,
    email: `${bodyId}.${does}@demo.dongbo`,
    password: PASSWORD,
  }))
}

export const DEMO_COORDINATOR: DemoAccount = {
  does: 'coordinator',
  email: 'coordinator@demo.dongbo',
  password: PASSWORD,
}
