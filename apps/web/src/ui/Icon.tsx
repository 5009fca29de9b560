import './icon.css'

/** Line icons on a 16 × 16 grid, 1.5 px strokes. */
const PATHS = {
  search: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM10.2 10.2l3.3 3.3',
  grid: 'M2.5 3h11v10h-11zM2.5 6.3h11M6.2 3v10M9.8 6.3V13M2.5 9.6h11',
  rows: 'M2.5 3.5h11M4.5 6.5h9M4.5 9.5h9M2.5 12.5h11',
  eye: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  key: 'M10.5 3a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8.4 7.8 3 13.2M5 11.2l1.6 1.6',
  keyboard: 'M1.8 4.5h12.4v7H1.8zM4 7h.1M6.7 7h.1M9.3 7h.1M12 7h.1M5 9.3h6',
  plus: 'M8 3.5v9M3.5 8h9',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M4.5 6.5 8 10l3.5-3.5',
  left: 'M9.5 4.5 6 8l3.5 3.5',
  right: 'M6.5 4.5 10 8l-3.5 3.5',
  lock: 'M4 7.5h8v6H4zM5.8 7.5V5.3a2.2 2.2 0 0 1 4.4 0v2.2',
  warning: 'M8 2.8 14 13H2zM8 6.5v3M8 11.3v.1',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.3v3.4M8 5.2v.1',
  offline: 'M2 6.2a9 9 0 0 1 12 0M4 8.6a6 6 0 0 1 8 0M6.2 10.9a2.7 2.7 0 0 1 3.6 0M8 13h.1',
  calendar: 'M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  undo: 'M5.5 3.5 2.5 6.5l3 3M2.8 6.5h6.4a4 4 0 0 1 0 8H7',
  text: 'M3 2.5h7.2L13 5.3v8.2H3zM5.3 6.5h5.4M5.3 8.8h5.4M5.3 11.1h3',
  back: 'M13 8H3.5M7 4.5 3.5 8 7 11.5',
} as const

export type IconName = keyof typeof PATHS

/** Decorative: whatever it says is also said in words beside it or by the control's label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
