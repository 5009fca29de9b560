import { useEffect, useRef, type PointerEvent, type RefObject } from 'react'
import { useText } from '#i18n/useText.ts'
import { classNames } from '#ui/classNames.ts'
import { KindMark } from '#ui/KindMark.tsx'
import type { Columns } from '../columns.ts'
import styles from './ScrollMap.module.css'

const css = classNames(styles)

interface ScrollMapProps {
  readonly columns: Columns
  readonly frozenWidth: number
  /** Of all columns together, in pixels. */
  readonly contentWidth: number
  readonly sheet: RefObject<HTMLDivElement | null>
}

/** The sideways scrollbar, drawn as the kinds of bodies with what is in sight outlined. */
export function ScrollMap({ columns, frozenWidth, contentWidth, sheet }: ScrollMapProps) {
  const t = useText()
  const track = useRef<HTMLDivElement>(null)
  const thumb = useRef<HTMLElement>(null)

  useEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    let [inSight, left] = [0, -1]
    // Written straight to the element, and only when it moves sideways: React has nothing to decide sixty times a second.
    const follow = (): void => {
      if (scroller.scrollLeft === left) return
      left = scroller.scrollLeft
      const all = Math.max(inSight, contentWidth)
      const [from, share] = [left / all, inSight / all]
      if (thumb.current !== null) {
        thumb.current.style.left = `${from * 100}%`
        thumb.current.style.width = `${share * 100}%`
      }
      track.current?.setAttribute('aria-valuenow', String(Math.round((from / Math.max(1 - share, 0.001)) * 100)))
    }
    const measure = (): void => {
      inSight = scroller.clientWidth - frozenWidth
      left = -1
      follow()
    }
    scroller.addEventListener('scroll', follow, { passive: true })
    const resized = new ResizeObserver(measure)
    resized.observe(scroller)
    return () => {
      scroller.removeEventListener('scroll', follow)
      resized.disconnect()
    }
  }, [sheet, frozenWidth, contentWidth])

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const scroller = sheet.current
    if (scroller === null || (event.type === 'pointermove' && event.buttons === 0)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const inSight = scroller.clientWidth - frozenWidth
    scroller.scrollLeft = ((event.clientX - left) / width) * Math.max(inSight, contentWidth) - inSight / 2
  }
  return (
    <div className={css('map')} style={{ paddingLeft: frozenWidth }}>
      <div
        ref={track}
        className={css('track')}
        role="scrollbar"
        aria-orientation="horizontal"
        aria-label={t('matrix.map')}
        aria-controls="matrix-sheet"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
        onPointerDown={drag}
        onPointerMove={drag}
      >
        {columns.blocks.map(({ kind, count }) => (
          <span key={kind} className={`${css('kind')} k-${kind}`} style={{ flex: count }}>
            <KindMark kind={kind} size={7} />
          </span>
        ))}
        <i ref={thumb} className={css('thumb')} />
      </div>
    </div>
  )
}
