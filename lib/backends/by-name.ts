/** A table that servers' words are looked up in. It inherits nothing: a word such as `constructor` is not found. */
export function byName<Value>(entries: Record<string, Value>): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries);
}
