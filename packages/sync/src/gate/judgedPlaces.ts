import * as Y from 'yjs'
import type { Path } from '@dongbo/model/documentChange.ts'
import type { Container } from '@dongbo/model/containerPath.ts'

interface Node {
  readonly children: Map<string, Node>
  isJudged: boolean
}

/** A set of paths that can be asked about items of a document: does one stand at or below any of them? */
export class JudgedPlaces {
  readonly #root: Node = { children: new Map(), isJudged: false }
  /** Of each container met: its node, `judged` when it stands at or below a judged path, null when nothing in it is. */
  readonly #containers = new Map<Container, Node | 'judged' | null>()

  add(path: Path): void {
    let node = this.#root
    for (const key of path) {
      let child = node.children.get(key)
      if (child === undefined) {
        child = { children: new Map(), isJudged: false }
        node.children.set(key, child)
      }
      node = child
    }
    node.isJudged = true
  }

  holds(item: Y.Item): boolean {
    if (!(item.parent instanceof Y.AbstractType)) return false
    const node = this.#nodeOf(item.parent)
    if (node === 'judged') return true
    return node !== null && item.parentSub !== null && node.children.get(item.parentSub)?.isJudged === true
  }

  #nodeOf(container: Container): Node | 'judged' | null {
    const known = this.#containers.get(container)
    if (known !== undefined) return known
    const node = this.#find(container)
    this.#containers.set(container, node)
    return node
  }

  #find(container: Container): Node | 'judged' | null {
    const item = container._item
    const above = item === null ? this.#root : this.#nodeOf(item.parent as Container)
    if (above === null || above === 'judged') return above
    const node = above.children.get(item === null ? Y.findRootTypeKey(container) : (item.parentSub ?? '*'))
    return node === undefined ? null : node.isJudged ? 'judged' : node
  }
}
