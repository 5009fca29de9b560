import type { Script } from '@dongbo/testkit/simulation/script.ts'
import { shrunk } from '@dongbo/testkit/simulation/shrink.ts'
import { simulate, type Fault } from '@dongbo/testkit/simulation/simulate.ts'

/** The same fault in other places and numbers. */
const kindOf = (fault: Fault): string => fault.what.replaceAll(/\d+/g, 'n')

/** The shortest script found that shows a fault of the same kind. */
async function shortestFor(script: Script, fault: Fault): Promise<Script> {
  const kind = kindOf(fault)
  return await shrunk(script.slice(0, fault.step + 1), async (shorter) => {
    const again = (await simulate(shorter)).fault
    return again !== null && kindOf(again) === kind
  })
}

/** What went wrong, with a script to put into `tests/fixtures/simulation`. */
export async function explained(script: Script, fault: Fault): Promise<string> {
  const shortest = await shortestFor(script, fault)
  return `${fault.what}\n[\n${shortest.map((step) => `  ${JSON.stringify(step)}`).join(',\n')}\n]`
}
