import type { Script } from './script.ts'

/**
 * The shortest script found that still fails, by leaving out ever smaller pieces (delta debugging, Zeller 2002).
 *
 * @param fails whether a script still shows the fault
 * @param attempts after so many trials the best so far is good enough
 */
export async function shrunk(
  script: Script,
  fails: (shorter: Script) => Promise<boolean>,
  attempts = 400,
): Promise<Script> {
  let best = script
  let tried = 0
  for (let size = Math.ceil(best.length / 2); size >= 1 && tried < attempts;) {
    let removed = false
    for (let from = 0; from < best.length && tried < attempts;) {
      const shorter = best.toSpliced(from, size)
      tried++
      if (shorter.length < best.length && (await fails(shorter))) {
        best = shorter
        removed = true
      } else {
        from += size
      }
    }
    if (size > 1) size = Math.ceil(size / 2)
    else if (!removed) break
  }
  return best
}
