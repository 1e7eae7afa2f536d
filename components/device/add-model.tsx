import { useSignal } from '@preact/signals';
import { FileUp } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { type AddProgress, addModel, type StoredModel } from '../../lib/engine/model-store.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { bytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { Adding, type AddingWork } from './adding.tsx';
import { download } from './download.ts';

interface Props {
  onAdded(model: StoredModel): void;
}

/** A GGUF of the user's own: from the disk by picker or drop, or from an address. */
export function AddModel({ onAdded }: Props) {
  const work = useSignal<AddingWork | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const isOver = useSignal(false);
  const url = useSignal('');
  const picker = useRef<HTMLInputElement>(null);

  async function add(
    name: string,
    run: (report: (progress: Partial<AddProgress> & { share?: number }) => void, signal: AbortSignal) => Promise<StoredModel | undefined>,
  ) {
    const controller = new AbortController();
    const begin: AddingWork = { name, share: undefined, done: '', stop: () => controller.abort() };
    work.value = begin;
    problem.value = undefined;
    try {
      const model = await run(({ bytes: got, totalBytes, share }) => {
        const part = share ?? (got !== undefined && totalBytes ? got / totalBytes : undefined);
        work.value = { ...begin, share: part, done: got === undefined ? '' : bytes(got) };
      }, controller.signal);
      if (model) onAdded(model);
      url.value = '';
    } catch (thrown) {
      if (!controller.signal.aborted) problem.value = errorData(toSwitchboardError(thrown));
    }
    work.value = undefined;
  }

  const addFile = (file: File | undefined) => {
    if (file && !work.value) void add(file.name, (report, signal) => addModel(file, undefined, report, signal));
  };
  const addUrl = () => {
    const address = url.value.trim();
    if (address !== '' && !work.value) void add(address, (report, signal) => download(address, report, signal));
  };

  return (
    <section class="stack">
      <h2>{t('deviceAdd')}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way, the button in it is for everybody */}
      <div
        class={isOver.value ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          isOver.value = true;
        }}
        onDragLeave={() => (isOver.value = false)}
        onDrop={(event) => {
          event.preventDefault();
          isOver.value = false;
          addFile(event.dataTransfer?.files[0]);
        }}
      >
        <FileUp size={22} />
        <p>{t('deviceDrop')}</p>
        <button type="button" class="button" disabled={work.value !== undefined} onClick={() => picker.current?.click()}>
          {t('devicePick')}
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".gguf"
          onChange={(event) => {
            addFile(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          addUrl();
        }}
      >
        <label for="model-url">{t('deviceUrl')}</label>
        <div class="row">
          <input
            id="model-url"
            class="input"
            type="url"
            placeholder="https://…/model.gguf"
            value={url.value}
            onInput={(event) => (url.value = event.currentTarget.value)}
          />
          <button type="submit" class="button" disabled={work.value !== undefined}>
            {t('download')}
          </button>
        </div>
        <span class="hint">{t('deviceUrlHint')}</span>
      </form>
      {work.value && <Adding work={work.value} />}
      {problem.value && <Problem error={problem.value} />}
    </section>
  );
}
