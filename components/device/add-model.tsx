import { useSignal } from '@preact/signals';
import { FileUp } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { type AddProgress, addModel, type StoredModel } from '../../lib/engine/model-store.ts';
import { thisDevice } from '../../lib/model-work/model-work.ts';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { WorkProgress } from '../models/work-progress.tsx';
import { Problem } from '../parts/problem.tsx';
import { followModelWork, workOn } from '../state/model-work.ts';
import { bytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { Adding, type AddingWork } from './adding.tsx';

interface Props {
  onAdded(model: StoredModel): void;
}

/** A GGUF of the user's own: from the disk by picker or drop, or from an address. */
export function AddModel({ onAdded }: Props) {
  const work = useSignal<AddingWork | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const isOver = useSignal(false);
  const url = useSignal('');
  useEffect(followModelWork, []);
  const picker = useRef<HTMLInputElement>(null);

  async function add(name: string, run: (report: (progress: AddProgress) => void, signal: AbortSignal) => Promise<StoredModel>) {
    const controller = new AbortController();
    const begin: AddingWork = { name, share: undefined, done: '', stop: () => controller.abort() };
    work.value = begin;
    problem.value = undefined;
    try {
      const model = await run(({ bytes: got, totalBytes }) => {
        work.value = { ...begin, share: totalBytes ? got / totalBytes : undefined, done: bytes(got) };
      }, controller.signal);
      onAdded(model);
    } catch (thrown) {
      if (!controller.signal.aborted) problem.value = errorData(toSwitchboardError(thrown));
    }
    work.value = undefined;
  }

  const addFile = (file: File | undefined) => {
    if (file && !work.value) void add(file.name, (report, signal) => addModel(file, undefined, report, signal));
  };
  const addUrl = async () => {
    problem.value = undefined;
    try {
      await request('models.add', { url: url.value.trim() });
      url.value = '';
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
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
          void addUrl();
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
          <button type="submit" class="button" disabled={url.value.trim() === ''}>
            {t('download')}
          </button>
        </div>
        <span class="hint">{t('deviceUrlHint')}</span>
      </form>
      {workOn(thisDevice).map((each) => (
        <div key={each.model} class="card pad">
          <WorkProgress work={each} name={each.model} />
        </div>
      ))}
      {work.value && <Adding work={work.value} />}
      {problem.value && <Problem error={problem.value} />}
    </section>
  );
}
