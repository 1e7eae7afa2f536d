/** Text on its way: what of it may go on now, and at the end the rest. */
export interface Filter {
  take(text: string): string;
  end(): string;
}

/** Filters one behind the other. */
export function chain(filters: Filter[]): Filter {
  return {
    take: (text) => filters.reduce((passed, filter) => (passed === '' ? '' : filter.take(passed)), text),
    end: () => filters.reduce((passed, filter) => (passed === '' ? '' : filter.take(passed)) + filter.end(), ''),
  };
}
