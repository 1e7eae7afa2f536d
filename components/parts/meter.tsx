/** How much of a budget is used, as a thin line. The figures stand beside it as text, which `label` repeats. */
export function Meter({ used, limit, label }: { used: number; limit: number; label: string }) {
  return <progress class={used >= limit ? 'meter full' : 'meter'} value={Math.min(used, limit)} max={limit} aria-label={label} />;
}
