import { useSignal } from '@preact/signals';
import type { BackendId } from '../../lib/backends/backend.ts';
import type { Connection } from '../../lib/connections/connection.ts';
import { bytes } from '../text/format.ts';
import { type PlainKey, t } from '../text/t.ts';

interface Props {
  connection: Connection;
  onPull(model: string): Promise<void>;
}

/** Has the server get a model by its name. Those who know none begin with an example. */
export function PullModel({ connection, onPull }: Props) {
  const name = useSignal('');
  const { hint, library, examples } = help[connection.backend] ?? plainHelp;
  const get = () => {
    const model = modelName(name.value);
    if (model === '') return;
    name.value = '';
    void onPull(model);
  };
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        get();
      }}
    >
      <label for="pull">{t('pullTitle')}</label>
      <div class="row">
        <input
          id="pull"
          class="input"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder={examples[0]?.name}
          aria-describedby="pull-hint"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={modelName(name.value) === ''}>
          {t('download')}
        </button>
      </div>
      {examples.length > 0 && (
        <div class="row wrap">
          <small>{t('pullExamples')}</small>
          {examples.map(({ name: example, sizeBytes }) => (
            <button key={example} type="button" class="button small" onClick={() => (name.value = example)}>
              {example} <small>{bytes(sizeBytes)}</small>
            </button>
          ))}
        </div>
      )}
      <span class="hint" id="pull-hint">
        {t(hint)}{' '}
        {library && (
          <a href={library} target="_blank" rel="noopener noreferrer">
            {new URL(library).host}
          </a>
        )}
      </span>
      <span class="hint">{t('pullGoesOn')}</span>
    </form>
  );
}

/** People paste the whole command. */
export function modelName(typed: string): string {
  return typed.trim().replace(/^(ollama\s+(pull|run)|lms\s+get)\s+/, '');
}

interface Help {
  hint: PlainKey;
  /** Where names are found. */
  library?: string;
  examples: { name: string; sizeBytes: number }[];
}

const plainHelp: Help = { hint: 'pullHint', examples: [] };

/** What is special about names, by kind of server. */
const help: Partial<Record<BackendId, Help>> = {
  lmstudio: {
    hint: 'pullHintLmStudio',
    library: 'https://lmstudio.ai/models',
    examples: [
      { name: 'qwen/qwen3-4b-2507', sizeBytes: 2_300_000_000 },
      { name: 'openai/gpt-oss-20b', sizeBytes: 12_100_000_000 },
    ],
  },
  ollama: {
    hint: 'pullHintOllama',
    library: 'https://ollama.com/library',
    examples: [
      { name: 'llama3.2:3b', sizeBytes: 2_000_000_000 },
      { name: 'qwen3:8b', sizeBytes: 5_200_000_000 },
      { name: 'gemma3:4b', sizeBytes: 3_300_000_000 },
      { name: 'nomic-embed-text', sizeBytes: 274_000_000 },
    ],
  },
};
