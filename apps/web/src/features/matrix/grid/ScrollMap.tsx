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
  readonly sheet: RefObject<HTMLDivElement | null>
}

/** The sideways scrollbar, drawn as the kinds of bodies with what is in sight outlined. */
export function ScrollMap({ columns, frozenWidth, sheet }: ScrollMapProps) {
  const t = useText()
  const track = useRef<HTMLDivElement>(null)
  const thumb = useRef<HTMLElement>(null)

  useEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    // Written straight to the element: React has nothing to decide sixty times a second.
    const follow = (): void => {
      const window = scroller.clientWidth - frozenWidth
      const all = Math.max(window, scroller.scrollWidth - frozenWidth)
      const [from, share] = [scroller.scrollLeft / all, window / all]
      if (thumb.current !== null) {
        thumb.current.style.left = `${from * 100}%`
        thumb.current.style.width = `${share * 100}%`
      }
      track.current?.setAttribute('aria-valuenow', String(Math.round((from / Math.max(1 - share, 0.001)) * 100)))
    }
    follow()
    scroller.addEventListener('scroll', follow, { passive: true })
    const resized = new ResizeObserver(follow)
    resized.observe(scroller)
    return () => {
      scroller.removeEventListener('scroll', follow)
      resized.disconnect()
    }
  }, [sheet, frozenWidth, columns])

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const scroller = sheet.current
    if (scroller === null || (event.type === 'pointermove' && event.buttons === 0)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const all = scroller.scrollWidth - frozenWidth
    const window = scroller.clientWidth - frozenWidth
    scroller.scrollLeft = ((event.clientX - left) / width) * all - window / 2
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
