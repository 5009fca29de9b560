import { useLayoutEffect, useState, type RefObject } from 'react'

/** What part of the sheet is in sight, in pixels. */
export interface SheetWindow {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

const NOTHING: SheetWindow = { top: 0, left: 0, width: 0, height: 0 }

/**
 * The scroller's window, coarsened to steps: scrolling within one step changes nothing and renders nothing, and the
 * spare lines and columns around the window cover the step.
 */
export function useWindow(sheet: RefObject<HTMLDivElement | null>, stepX: number, stepY: number): SheetWindow {
  const [window, setWindow] = useState(NOTHING)
  useLayoutEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    const measure = (): void => {
      const next = {
        top: Math.floor(scroller.scrollTop / stepY) * stepY,
        left: Math.floor(scroller.scrollLeft / stepX) * stepX,
        width: scroller.clientWidth,
        height: scroller.clientHeight,
      }
      setWindow((now) =>
        now.top === next.top && now.left === next.left && now.width === next.width && now.height === next.height
          ? now
          : next,
      )
    }
    measure()
    scroller.addEventListener('scroll', measure, { passive: true })
    const resized = new ResizeObserver(measure)
    resized.observe(scroller)
    return () => {
      scroller.removeEventListener('scroll', measure)
      resized.disconnect()
    }
  }, [sheet, stepX, stepY])
  return window
}
