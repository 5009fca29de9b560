const SPOKES = [
  [20.33, 13.5, 25.18, 10.7],
  [21, 16, 26.6, 16],
  [20.33, 18.5, 25.18, 21.3],
  [18.5, 20.33, 21.3, 25.18],
  [16, 21, 16, 26.6],
  [13.5, 20.33, 10.7, 25.18],
  [11.67, 18.5, 6.82, 21.3],
  [11, 16, 5.4, 16],
  [11.67, 13.5, 6.82, 10.7],
  [13.5, 11.67, 10.7, 6.82],
  [16, 11, 16, 5.4],
] as const

/** The mark: a round window whose bars run to one centre, one of them red. Decorative. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle
        cx="16"
        cy="16"
        r="13.2"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeDasharray="71.2 11.7"
        strokeDashoffset="-63.4"
      />
      <circle cx="16" cy="16" r="2.6" fill="#D4493B" />
      <line x1="18.5" y1="11.67" x2="22.6" y2="4.57" stroke="#D4493B" strokeWidth="2.6" strokeLinecap="round" />
      {SPOKES.map(([x1, y1, x2, y2]) => (
        <line
          key={`${x1} ${y1}`}
          x1={x1}
          y1={y1}
          x2={x2}
          y2={y2}
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
        />
      ))}
    </svg>
  )
}
