/** The values in a text field that holds several, in their order. */
export function listedValues(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** The text with the value in it, or without where it was in it. */
export function toggledValue(text: string, value: string): string {
  const values = listedValues(text);
  return (values.includes(value) ? values.filter((each) => each !== value) : [...values, value]).join(', ');
}
