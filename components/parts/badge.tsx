/** The first letter of a name in a small square, to find a line again at a glance. */
export function Badge({ name, site }: { name: string; site?: boolean }) {
  const letter = [...name.replace(/^(https?:\/\/)?(www\.)?/, '')][0] ?? '?';
  return (
    <span class={site ? 'badge site' : 'badge'} aria-hidden="true">
      {letter.toLocaleUpperCase()}
    </span>
  );
}
