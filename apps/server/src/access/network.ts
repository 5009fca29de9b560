import { isIPv6 } from 'node:net'

/**
 * What one subscriber calls from, as far as counting goes: an IPv4 address, or the 64 bits of an IPv6 address that are
 * given out together (one machine has all the rest to itself). Text that is no address stays as it is.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const groups = groupsIn(head)
  if (tail !== undefined) {
    const after = groupsIn(tail)
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  const first = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}

function groupsIn(text: string): string[] {
  return text.split(':').filter((group) => group !== '')
}
