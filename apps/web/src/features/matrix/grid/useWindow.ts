import { useLayoutEffect, useState, type RefObject } from 'react'
import type { Motion } from './motion.ts'

/** What part of the sheet is in sight, in pixels. */
export interface SheetWindow {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
  /** Rushing past: what comes next has to be ready further ahead. */
  readonly isFast: boolean
}

const NOTHING: SheetWindow = { top: 0, left: 0, width: 0, height: 0, isFast: false }

/**
 * The scroller's window, coarsened to steps: scrolling within one step changes nothing and renders nothing, and the
 * spare lines and columns around the window cover the step.
 */
export function useWindow(
  sheet: RefObject<HTMLDivElement | null>,
  stepX: number,
  stepY: number,
  moving: Motion,
): SheetWindow {
  const [window, setWindow] = useState(NOTHING)
  useLayoutEffect(() => {
    const scroller = sheet.current
    if (scroller === null) return
    // Sizes are read only when they change: reading them while scrolling would force a layout in every frame.
    let [width, height] = [scroller.clientWidth, scroller.clientHeight]
    const look = (): void => {
      const top = Math.floor(scroller.scrollTop / stepY) * stepY
      const left = Math.floor(scroller.scrollLeft / stepX) * stepX
      const next = { top, left, width, height, isFast: moving.isFast() }
      setWindow((now) => (same(now, next) ? now : next))
    }
    let stopWaiting = (): void => undefined
    const follow = (): void => {
      moving.moved(scroller.scrollTop)
      stopWaiting()
      if (moving.isFast()) stopWaiting = moving.onRest(look)
      look()
    }
    const measure = (): void => {
      width = scroller.clientWidth
      height = scroller.clientHeight
      look()
    }
    look()
    scroller.addEventListener('scroll', follow, { passive: true })
    const resized = new ResizeObserver(measure)
    resized.observe(scroller)
    return () => {
      stopWaiting()
      scroller.removeEventListener('scroll', follow)
      resized.disconnect()
    }
  }, [sheet, stepX, stepY, moving])
  return window
}

function same(a: SheetWindow, b: SheetWindow): boolean {
  return a.top === b.top && a.left === b.left && a.width === b.width && a.height === b.height && a.isFast === b.isFast
}
