import { columnKind } from '@dongbo/model/body.ts'
import type { BodyId, TaskId } from '@dongbo/model/ids.ts'
import { initials } from '#features/body/initials.ts'
import { useLive } from '#session/liveDocument.ts'
import { placedPeers } from '#session/presence.ts'
import { classNames } from '#ui/classNames.ts'
import type { Columns } from '../columns.ts'
import { useMatrix } from '../MatrixContext.ts'
import type { LineLayout, Range } from './layout.ts'
import type { Metrics } from './metrics.ts'
import styles from './Sheet.module.css'

const css = classNames(styles)

interface RemoteCursorsProps {
  readonly layout: LineLayout
  readonly lines: Range
  readonly columns: Columns
  readonly metrics: Metrics
}

/** Where the others are. The whole flag shows while they move and 3 s after, then only initials. */
export function RemoteCursors({ layout, lines, columns, metrics }: RemoteCursorsProps) {
  const { live, bodies, me } = useMatrix()
  // One's own other tabs are not somebody else.
  const others = useLive(live, (view) => view.peers).filter((peer) => peer.personId !== me.person.id)
  const peers = placedPeers(others)
  const boxes = peers.map(({ peer, cursor }) => {
    const index = layout.indexOf.get(cursor.task as TaskId)
    const line = index === undefined ? undefined : layout.lines[index]
    const box = boxOf(cursor.column, columns, metrics)
    const body = bodies.get(peer.bodyId)
    if (index === undefined || line === undefined || box === null || body === undefined) return null
    if (index < lines.from || index >= lines.to) return null
    const at = `${cursor.task} ${cursor.column}`
    const place = { transform: `translate(${box.left}px, ${line.top}px)`, width: box.width, height: line.height }
    return {
      frozen: box.frozen,
      drawn: (
        <div key={peer.id} className={`${css('cursor')} k-${columnKind(body)}`} style={place}>
          <span key={at} className={css('flag')}>
            {peer.name}
          </span>
          <span key={`${at} initials`} className={css('flag', 'initialsFlag')}>
            {initials(body.nameVi)}
          </span>
        </div>
      ),
    }
  })
  return (
    <>
      <div className={css('cursorsFrozen')} aria-hidden="true">
        {boxes.map((box) => (box?.frozen === true ? box.drawn : null))}
      </div>
      <div aria-hidden="true">{boxes.map((box) => (box?.frozen === false ? box.drawn : null))}</div>
    </>
  )
}

function boxOf(
  column: string,
  columns: Columns,
  metrics: Metrics,
): { readonly left: number; readonly width: number; readonly frozen: boolean } | null {
  const frozen = metrics.frozen.find((one) => one.id === column)
  if (frozen !== undefined) return { left: frozen.left, width: frozen.width, frozen: true }
  const index = columns.indexOf.get(column as BodyId)
  return index === undefined
    ? null
    : { left: metrics.frozenWidth + index * metrics.cellWidth, width: metrics.cellWidth, frozen: false }
}
