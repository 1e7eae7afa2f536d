/** What a Claude model takes, known by its name: the models list tells limits, but neither samplers nor the kind of thinking. */
export interface ClaudeAbilities {
  /** Most tokens of one answer; absent for models newer than this table, whose limit the service is asked for. */
  maxOutputTokens?: number;
  /** False: temperature, top_p and top_k are answered with 400. */
  sampling: boolean;
  /** `budget`: thinking is switched on with a number of tokens; `adaptive`: the model decides, an effort guides it. */
  thinking: 'none' | 'budget' | 'adaptive';
  /** How little it can think where it cannot be told not to: between the calls of tools only, or as little as it likes. */
  leastThinking?: 'between-tools' | 'low-effort';
  /** A call of a tool cannot be demanded: that is answered with 400. */
  freeTools?: true;
  /** It cannot be held to a schema: that is answered with 400. */
  noSchema?: true;
}

/** Abilities of a model by name. An unknown `claude-*` is taken for newer than the table; any other name for a gateway's own model. */
export function claudeAbilities(model: string): ClaudeAbilities {
  return table.find(([pattern]) => pattern.test(model))?.[1] ?? { sampling: true, thinking: 'budget' };
}

const table: [RegExp, ClaudeAbilities][] = [
  [/claude-3-7/, { maxOutputTokens: 64_000, sampling: true, thinking: 'budget', noSchema: true }],
  [/claude-3-5/, { maxOutputTokens: 8192, sampling: true, thinking: 'none', noSchema: true }],
  [/claude-(3|2|v2|instant)\b/, { maxOutputTokens: 4096, sampling: true, thinking: 'none', noSchema: true }],
  [/claude-(opus|sonnet)-4-6/, { maxOutputTokens: 128_000, sampling: true, thinking: 'adaptive' }],
  [/claude-\w+-4-5/, { maxOutputTokens: 64_000, sampling: true, thinking: 'budget' }],
  [/claude-opus-4-1/, { maxOutputTokens: 32_000, sampling: true, thinking: 'budget' }],
  [/claude-sonnet-5-5/, { ...newest(), leastThinking: 'between-tools', freeTools: true }],
  [/claude-(opus-5-5|fable-5-[12])/, { ...newest(), leastThinking: 'low-effort', freeTools: true }],
  [/claude-fable-5/, { ...newest(), leastThinking: 'low-effort' }],
  [/claude-(opus-4-[78]|(opus|sonnet|haiku)-5)\b/, newest()],
  [/claude-opus-4(-0\b|-2025|@|$)/, { maxOutputTokens: 32_000, sampling: true, thinking: 'budget', noSchema: true }],
  [/claude-sonnet-4(-0\b|-2025|@|$)/, { maxOutputTokens: 64_000, sampling: true, thinking: 'budget', noSchema: true }],
  [/claude-/, { sampling: false, thinking: 'adaptive' }],
];

function newest(): ClaudeAbilities {
  return { maxOutputTokens: 128_000, sampling: false, thinking: 'adaptive' };
}
