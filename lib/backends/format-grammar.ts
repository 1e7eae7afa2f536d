import type { ResponseFormat } from '../protocol/request.ts';
import { regexGrammar } from './openai-shaped/regex-grammar.ts';
import { schemaGrammar } from './schema-grammar.ts';

/** The form of an answer as a GBNF grammar, for servers that know no other way. */
export function formatGrammar(format: ResponseFormat): string {
  switch (format.type) {
    case 'grammar':
      return format.grammar;
    case 'regex':
      return regexGrammar(format.pattern, format.flags);
    case 'json':
      return schemaGrammar({ type: 'object' });
    case 'json-schema':
      return schemaGrammar(format.schema);
  }
}
