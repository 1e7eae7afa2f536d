/** `fields` without those that are undefined: in a request, absent means "the backend's own default". */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}

/** The same, or undefined when nothing is left. */
export function definedOrNone<Fields extends object>(fields: Fields): Defined<Fields> | undefined {
  const left = defined(fields);
  return Object.keys(left).length > 0 ? left : undefined;
}

type Defined<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
};
