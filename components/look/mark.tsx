/** The mark: a cable from one jack to another. Decoration; the name stands beside it. The same drawing as icon.svg. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 48 48"
      fill="none"
      stroke="var(--accent)"
      stroke-width="4.5"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <circle cx="12" cy="13" r="7" />
      <circle cx="36" cy="35" r="7" fill="var(--accent)" />
      <path d="M12 20v5c0 11 24-13 24-2v5" />
    </svg>
  );
}
