/** Short facts by name, side by side where there is room; those without a value are left out. */
export function FactList({ facts }: { facts: readonly (readonly [name: string, value: string | undefined])[] }) {
  return (
    <dl class="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="any-break">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
